import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';

/** Where cgroup v1 shares out the cores; under v2 the kernel's default stands. */
const controller = '/sys/fs/cgroup/cpu';

/**
 * Gives all that the engine runs the weight of sixteen threads. By default the whole cluster weighs as much as one thread
 * that is in no cgroup: beside a busy test runner it would get a sixth of the cores, and the pod that answers for all
 * gateways' addresses a twentieth of that.
 * @see https://docs.kernel.org/scheduler/sched-design-CFS.html#group-scheduler-extensions-to-cfs
 */
export async function weigh(): Promise<void> {
  if (!existsSync(`${controller}/cpu.shares`)) return;
  await mkdir(`${controller}/ingress-conformance`, { recursive: true });
  await writeFile(`${controller}/ingress-conformance/cpu.shares`, String(16 * 1024));
}
