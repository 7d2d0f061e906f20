import type { Case } from '../case.ts';
import { NoAddress } from '../reach/address.ts';
import type { Setup } from '../setup/setup.ts';
import { WorkloadEdge } from './workload.ts';

/** Pods that serve Ingresses, unless `meshConfig.ingressSelector` names others. */
const servesIngresses = { istio: 'ingressgateway' };

/** The ports at which Ingresses are served; an Ingress names none. */
const ports: Partial<Record<string, number>> = { http: 80, https: 443 };

/**
 * The Kubernetes Ingresses of the fixtures, at pods by which Istio serves Ingresses.
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/kubernetes-ingress/
 */
export class KubernetesIngress extends WorkloadEdge {
  readonly what: string;

  constructor(of: Case, setup: Setup) {
    super(of, setup, servesIngresses);
    this.what = `the Ingresses of ${this.namespace}`;
  }

  portOf(listener: string): number {
    const port = ports[listener];
    if (port === undefined)
      throw new NoAddress(`an Ingress is served at http and https, not at "${listener}"`);
    return port;
  }
}
