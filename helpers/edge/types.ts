import type { Kind, KubeObject } from '../kube/objects.ts';

export const istioGatewayKind: Kind = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway' };
export const ingressKind: Kind = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' };

export const virtualServiceKind: Kind = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' };

/** The fields of an Istio Gateway that helpers read. */
export interface IstioGatewayObject extends KubeObject {
  spec: {
    selector: Record<string, string>;
    servers: { port: { number: number; name: string } }[];
  };
}

/** The fields of an Ingress that helpers read. */
export interface IngressObject extends KubeObject {
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}
