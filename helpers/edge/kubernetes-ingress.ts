import type { Case } from '../case.ts';
import type { Kind } from '../kube/objects.ts';
import { NoAddress } from '../reach/address.ts';
import type { Setup } from '../setup/setup.ts';
import { WorkloadEdge } from './workload.ts';

export const ingressKind: Kind = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' };

/** Pods that serve Ingresses, unless `meshConfig.ingressSelector` names others. */
const servesIngresses = { istio: 'ingressgateway' };

/** The ports at which Ingresses are served; an Ingress names none. */
const ports: Partial<Record<string, number>> = { http: 80, https: 443 };

/**
 * A Kubernetes Ingress, at pods by which Istio serves Ingresses.
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/kubernetes-ingress/
 */
export class KubernetesIngress extends WorkloadEdge {
  readonly what: string;

  /** @param name may be left out when the fixtures have one */
  constructor(of: Case, setup: Setup, name?: string) {
    const { metadata } = setup.object(ingressKind, name);
    super(of, setup, servesIngresses);
    this.what = `Ingress ${metadata.namespace}/${metadata.name}`;
  }

  portOf(listener: string): number {
    const port = ports[listener];
    if (port === undefined)
      throw new NoAddress(`an Ingress is served at http and https, not at "${listener}"`);
    return port;
  }
}
