import { GATEWAY_NAME_LABEL } from '../gateway/types.ts';
import type { Kube } from '../kube/client.ts';
import type { Kind, KubeObject } from '../kube/objects.ts';

export const serviceKind: Kind = { apiVersion: 'v1', kind: 'Service' };

/** The fields of a Service that helpers read. */
export interface Service extends KubeObject {
  spec: {
    type?: string;
    ipFamilies?: string[];
    loadBalancerClass?: string;
    selector?: Record<string, string>;
    ports: { name?: string; port: number; nodePort?: number }[];
  };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

/** The Service that a Gateway's controller made for it; undefined when it made none, or makes none at all. */
export async function serviceOf(
  kube: Kube,
  { namespace, name }: { namespace: string; name: string },
): Promise<Service | undefined> {
  const labels = `${GATEWAY_NAME_LABEL}=${name}`;
  const { items } = await kube.list<Service>({ ...serviceKind, namespace, labels });
  return items[0];
}
