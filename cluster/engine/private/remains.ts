import { glob, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { retry } from 'zx';
import { paths } from './paths.ts';
import { engineProcess } from './process.ts';
import { thaw } from './thaw.ts';

/** Where each process is listed once: one of cgroup v1's hierarchies, or v2's only one. */
const hierarchies = ['/sys/fs/cgroup/freezer', '/sys/fs/cgroup'];

/**
 * Ends what runs in containers of the private engine when there is no engine any more. They outlive one that was killed,
 * keep the node's address, and no later engine stops them. Settles when all have ended; at once while the engine lives,
 * though it may be too busy to answer.
 */
export async function endRemains(): Promise<void> {
  if ((await engineProcess(paths.pid)) !== undefined) return;
  await thaw();
  // an engine with another cache has the same cgroup
  const own = await readdir(join(paths.data, 'containers')).catch(() => []);
  const cgroups = hierarchies.flatMap((folder) => own.map((id) => join(folder, 'ingress-conformance', id)));
  await retry(50, '100ms', async () => {
    const left = (await Promise.all(cgroups.map(processesIn))).flat();
    for (const pid of left) process.kill(pid, 'SIGKILL');
    if (left.length > 0) throw new Error(`containers of the engine that ended still run: ${left.join(' ')}`);
  });
}

async function processesIn(cgroup: string): Promise<number[]> {
  const pids: number[] = [];
  for await (const file of glob('**/cgroup.procs', { cwd: cgroup })) {
    const lines = await readFile(join(cgroup, file), 'utf8').catch(() => '');
    pids.push(...lines.split('\n').filter(Boolean).map(Number));
  }
  return pids;
}
