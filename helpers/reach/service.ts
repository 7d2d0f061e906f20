import { serviceFor } from '../gateway/made.ts';
import { GATEWAY_NAME_LABEL, type GatewayObject, gatewayKind } from '../gateway/types.ts';
import type { Kube } from '../kube/client.ts';
import { type Kind, type KubeObject, labelWords } from '../kube/objects.ts';

export const serviceKind: Kind = { apiVersion: 'v1', kind: 'Service' };

/** The fields of a Service that helpers read. */
export interface Service extends KubeObject {
  spec: {
    type?: string;
    ipFamilies?: string[];
    loadBalancerClass?: string;
    /** `None` where it has no address of its own. */
    clusterIP?: string;
    selector?: Record<string, string>;
    ports: {
      name?: string;
      protocol?: string;
      port: number;
      nodePort?: number;
      targetPort?: number | string;
    }[];
  };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

/** Label selector of a Service's pods. */
export const selectorOf = ({ spec }: Service): string => labelWords(spec.selector);

/**
 * The Service in front of a Gateway, in whatever namespace: the one that its controller made for it; else one that
 * serves it among others, by its address.
 * @returns undefined when there is none: the Gateway is not served by pods of the cluster
 */
export async function serviceOf(
  kube: Kube,
  { namespace, name }: { namespace: string; name: string },
): Promise<Service | undefined> {
  const labels = `${GATEWAY_NAME_LABEL}=${name}`;
  const { items } = await kube.list<Service>({ ...serviceKind, namespace, labels });
  if (items[0]) return items[0];
  const [gateway, services] = await Promise.all([
    kube.get<GatewayObject>({ ...gatewayKind, namespace, name }),
    kube.list<Service>(serviceKind),
  ]);
  return gateway && serviceFor(gateway, services.items);
}
