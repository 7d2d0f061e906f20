import { glob, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where cgroup v1 freezes; v2 ends frozen processes as any others. */
const freezer = '/sys/fs/cgroup/freezer/ingress-conformance';

/**
 * Thaws what is frozen under the engine's cgroup: runc freezes a container while it sets it up, and one that ended in
 * that moment leaves a process that no signal reaches, nor any of the node around it. Settles when the kernel was told.
 * @see https://docs.kernel.org/admin-guide/cgroup-v1/freezer-subsystem.html
 */
export async function thaw(): Promise<void> {
  // parents first: what is under a frozen one stays so
  for await (const file of glob('**/freezer.state', { cwd: freezer }))
    await writeFile(join(freezer, file), 'THAWED').catch(() => {});
}
