import type { Case } from '../case.ts';
import { NoAddress } from '../reach/address.ts';
import type { Setup } from '../setup/setup.ts';
import { type IstioGatewayObject, istioGatewayKind } from './types.ts';
import { WorkloadEdge } from './workload.ts';

/**
 * A Gateway of Istio's own API, at the pods that its selector selects.
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/
 */
export class IstioGateway extends WorkloadEdge {
  readonly what: string;
  readonly #servers: IstioGatewayObject['spec']['servers'];

  /** @param name may be left out when the fixtures have one */
  constructor(of: Case, setup: Setup, name?: string) {
    const { metadata, spec } = setup.object<IstioGatewayObject>(istioGatewayKind, name);
    super(of, setup, spec.selector);
    this.what = `Gateway ${metadata.namespace}/${metadata.name} (Istio API)`;
    this.#servers = spec.servers;
  }

  portOf(listener: string): number {
    const found = this.#servers.find(({ port }) => port.name === listener);
    if (found) return found.port.number;
    const names = this.#servers.map(({ port }) => port.name).join(', ');
    throw new NoAddress(`${this.what} has no server whose port is named "${listener}"; it has: ${names}`);
  }
}
