import { isIPv6 } from 'node:net';
import type { Kube } from '../../helpers/kube/client.ts';
import { ApiError } from '../../helpers/kube/errors.ts';
import type { KubeObject } from '../../helpers/kube/objects.ts';

interface ServiceCIDR extends KubeObject {
  spec: { cidrs: string[] };
}

/**
 * Whether Services of the cluster can have both families. Kubernetes before 1.33 does not tell, and counts as a cluster
 * with one.
 * @throws ApiError when the server refuses otherwise, or does not answer
 */
export async function isDualStack(kube: Kube): Promise<boolean> {
  try {
    const { items } = await kube.list<ServiceCIDR>({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
    });
    return haveBothFamilies(items.flatMap(({ spec }) => spec.cidrs));
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return false;
    throw error;
  }
}

/** Whether there is an IPv4 and an IPv6 one among them. */
export const haveBothFamilies = (cidrs: string[]): boolean =>
  new Set(cidrs.map((cidr) => isIPv6(cidr.split('/')[0] ?? ''))).size === 2;
