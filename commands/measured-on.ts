import { cpus, loadavg } from 'node:os';
import type { Target } from '../cluster/target.ts';

/** When and on what something is measured: the head of a report of times, which say nothing without it. */
export function measuredOn({
  versions,
}: Pick<Target, 'versions'>): Record<'at' | 'machine' | 'target', string> {
  const { implementation, gatewayApi, kubernetes } = versions;
  const [{ model = 'processor' } = {}] = cpus();
  const load = loadavg()[0]?.toFixed(1);
  return {
    at: new Date().toISOString(),
    machine: `${cpus().length} × ${model.trim()}, load ${load} before it`,
    target: `${implementation}, Gateway API ${gatewayApi.version} ${gatewayApi.channel}, Kubernetes ${kubernetes}`,
  };
}
