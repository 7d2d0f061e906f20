import { read } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';

/**
 * The address ranges of the cluster's Services, as CIDRs; none before Kubernetes 1.33, which does not tell. Service
 * default/kubernetes has one family in a dual-stack cluster too.
 * @throws Problem when they cannot be read
 */
export async function serviceRanges(cluster: Cluster): Promise<string[]> {
  const ranges = await read<{ items: { spec: { cidrs: string[] } }[] }>(
    cluster,
    'the address ranges of Services',
    '/apis/networking.k8s.io/v1/servicecidrs',
  );
  return (ranges?.items ?? []).flatMap(({ spec }) => spec.cidrs);
}
