import { refOf } from '../../kube/objects.ts';
import { type Diagnosis, isTold } from '../diagnosis.ts';
import { type Facts, hasAddress, inScope, listed, nameOf, selects } from '../facts.ts';

/**
 * Ingresses that a controller ought to take, and that have no address in their status. Istio writes the one of its
 * Service istio-ingressgateway there, whichever pods serve them.
 * @see https://github.com/istio/istio/issues/46791
 */
export function ingressAddress(facts: Facts, before: Diagnosis[]): Diagnosis[] {
  return facts.ingresses
    .filter((one) => inScope(facts, one) && !hasAddress(one) && !isTold(before, one))
    .map((ingress) => {
      const { name, namespace } = ingress.metadata;
      const serving = facts.services
        .filter(({ spec }) => selects({ istio: 'ingressgateway' }, spec.selector))
        .map(
          (one) => `${nameOf(one)} (${one.spec.type}, ${hasAddress(one) ? 'has an address' : 'no address'})`,
        );
      return {
        cause: 'ingress-without-address',
        says: `Ingress ${nameOf(ingress)} has no address in its status: its controller has none to give, or has not looked at it`,
        evidence: [`Services in front of Istio's ingress gateways: ${listed(serving)}`],
        next: facts.kubectl(`-n ${namespace} describe ingress ${name}`),
        about: refOf(ingress),
        shows: ['no-connection', 'status'],
      };
    });
}
