import { refOf } from '../../kube/objects.ts';
import { type Diagnosis, isTold } from '../diagnosis.ts';
import { type Facts, inScope, nameOf } from '../facts.ts';

/** Gateways that their controller has looked at and does not accept, where nothing before this one tells why. */
export function gatewayRefused(facts: Facts, before: Diagnosis[]): Diagnosis[] {
  return facts.gateways
    .filter((one) => inScope(facts, one) && !isTold(before, one))
    .flatMap((gateway): Diagnosis[] => {
      const { name, namespace, generation } = gateway.metadata;
      const refused = gateway.status?.conditions?.find(
        ({ type, status, observedGeneration }) =>
          type === 'Accepted' && status === 'False' && observedGeneration === generation,
      );
      if (!refused) return [];
      return [
        {
          cause: 'gateway-refused',
          says: `the controller does not accept Gateway ${nameOf(gateway)}: ${refused.reason}`,
          evidence: [`Accepted: False ${refused.reason}: ${refused.message}`],
          next: facts.kubectl(`-n ${namespace} get gateways.gateway.networking.k8s.io ${name} -o yaml`),
          about: refOf(gateway),
          shows: ['no-connection', 'status'],
        },
      ];
    });
}
