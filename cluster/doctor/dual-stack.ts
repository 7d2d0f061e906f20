import { haveBothFamilies } from '../istio/dual-stack.ts';
import { read } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';
import type { Finding } from './finding.ts';
import { serviceRanges } from './service-ranges.ts';

interface Deployment {
  metadata: { name: string; namespace: string };
  spec: { template: { spec: { containers: { env?: { name: string; value?: string }[] }[] } } };
}

/** The switch of istiod; also to be given to the proxies. */
const SWITCH = 'ISTIO_DUAL_STACK';

/**
 * Control planes of Istio that were not told that the cluster is dual stack: their gateways have an address of each
 * family, and listen on the first one only.
 * @throws Problem when the ranges of Services or Deployments cannot be read
 * @see https://istio.io/latest/docs/setup/additional-setup/dual-stack/
 */
export async function diagnoseDualStack(cluster: Cluster): Promise<Finding[]> {
  const [ranges, found] = await Promise.all([
    serviceRanges(cluster),
    read<{ items: Deployment[] }>(
      cluster,
      'the Deployments of istiod',
      '/apis/apps/v1/deployments?labelSelector=app%3Distiod',
    ),
  ]);
  if (!haveBothFamilies(ranges)) return [];
  const untold = (found?.items ?? []).filter(({ spec }) =>
    spec.template.spec.containers.every(
      ({ env = [] }) => !env.some(({ name, value }) => name === SWITCH && value === 'true'),
    ),
  );
  if (untold.length === 0) return [];
  return [
    {
      wrong:
        'Istio does not know that this cluster is dual stack: its gateways listen on the first family only',
      evidence: untold.map(
        ({ metadata }) => `Deployment ${metadata.namespace}/${metadata.name} has no ${SWITCH}=true`,
      ),
      next: `istioctl install with the values you have, and --set values.pilot.env.${SWITCH}=true --set meshConfig.defaultConfig.proxyMetadata.${SWITCH}=true`,
    },
  ];
}
