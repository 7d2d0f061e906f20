import type { Condition } from '../../helpers/kube/objects.ts';
import { read } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';
import { kubectlOptions } from '../preflight/connection.ts';
import type { Finding } from './finding.ts';

interface Node {
  metadata: { name: string };
  spec: { unschedulable?: boolean };
  status: { conditions?: Condition[] };
}

/** Nodes that are not ready, run out of something, or take no pods. @throws Problem when they cannot be read */
export async function diagnoseNodes(cluster: Cluster): Promise<Finding[]> {
  const nodes = await read<{ items: Node[] }>(cluster, 'the nodes', '/api/v1/nodes');
  if (!nodes?.items.length) {
    const next = `kubectl get nodes ${kubectlOptions(cluster.connection)}`;
    return [{ wrong: 'no pod can run', evidence: ['the cluster has no nodes'], next }];
  }
  return nodes.items.flatMap(({ metadata: { name }, spec, status }) => {
    const next = `kubectl describe node ${name} ${kubectlOptions(cluster.connection)}`;
    const troubles: Finding[] = (status.conditions ?? [])
      // every condition of a node but Ready names a trouble: MemoryPressure, DiskPressure, NetworkUnavailable
      .filter((condition) => (condition.type === 'Ready') !== (condition.status === 'True'))
      .map(({ type, status: state, reason, message }) => ({
        wrong: type === 'Ready' ? `node ${name} is not ready` : `node ${name} has ${type}`,
        evidence: [`${type} is ${state}${reason ? ` (${reason})` : ''}${message ? `: ${message}` : ''}`],
        next,
      }));
    if (!spec.unschedulable) return troubles;
    const cordoned: Finding = {
      wrong: `node ${name} takes no new pods`,
      evidence: ['spec.unschedulable is true: it was cordoned'],
      next: `kubectl uncordon ${name} ${kubectlOptions(cluster.connection)}`,
    };
    return [...troubles, cordoned];
  });
}
