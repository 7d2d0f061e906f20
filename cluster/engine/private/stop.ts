import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { $, retry } from 'zx';
import { privateEnv } from './environment.ts';
import { restoreMachine } from './machine.ts';
import { paths } from './paths.ts';
import { engineProcess } from './process.ts';
import { endRemains } from './remains.ts';

const alive = (pid: number) => existsSync(`/proc/${pid}`);

/**
 * Ends the private engine, with its containerd and shims, and takes back what it changed on the machine:
 * mounts, bridges, firewall rules, forwarding, cgroups. Its images stay in the cache.
 * Settles when all of it is gone; at once when there is no engine.
 */
export async function stopPrivateEngine(): Promise<void> {
  const env = privateEnv();
  for (const file of [paths.pid, `${paths.run}/exec/containerd/containerd.pid`]) await endProcess(file);
  await $({ nothrow: true })`pkill -9 -f ${`containerd-shim.*${paths.run}/`}`;
  await endRemains();
  const mounts = (await readFile('/proc/self/mounts', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(paths.run) || point.startsWith(paths.data));
  for (const point of mounts.toReversed()) await $({ nothrow: true })`umount -l ${point}`;
  await rm(paths.run, { recursive: true, force: true });
  await restoreMachine(env);
}

async function endProcess(pidFile: string): Promise<void> {
  const pid = await engineProcess(pidFile);
  if (pid === undefined) return;
  process.kill(pid, 'SIGTERM');
  await retry(100, '100ms', async () => {
    if (alive(pid)) throw new Error(`process ${pid} is still there`);
  }).catch(() => process.kill(pid, 'SIGKILL'));
}
