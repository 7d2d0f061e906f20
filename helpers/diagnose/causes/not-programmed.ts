import { serviceFor } from '../../gateway/made.ts';
import { refOf } from '../../kube/objects.ts';
import { type Diagnosis, isTold } from '../diagnosis.ts';
import { type Facts, inScope, nameOf } from '../facts.ts';

/** Gateways that are not programmed, or not looked at, where nothing before this one tells why. */
export function notProgrammed(facts: Facts, before: Diagnosis[]): Diagnosis[] {
  return facts.gateways
    .filter((one) => inScope(facts, one) && !isExplained(facts, one, before))
    .flatMap((gateway): Diagnosis[] => {
      const { name, namespace, generation } = gateway.metadata;
      const next = facts.kubectl(`-n ${namespace} describe gateways.gateway.networking.k8s.io ${name}`);
      const programmed = gateway.status?.conditions?.find(({ type }) => type === 'Programmed');
      const common = {
        next,
        about: refOf(gateway),
        shows: ['no-connection', 'status'] as Diagnosis['shows'],
      };
      if (!programmed || programmed.observedGeneration !== generation) {
        return [
          {
            ...common,
            cause: 'gateway-waits-for-controller',
            says: `the controller of Gateway ${nameOf(gateway)} has not looked at it in its present generation: it does not run, is behind, or leaves it alone`,
            evidence: [
              programmed
                ? `Programmed: ${programmed.status} ${programmed.reason}: ${programmed.message}, of generation ${programmed.observedGeneration ?? 'none'}; the Gateway is at ${generation}`
                : 'no condition Programmed',
            ],
          },
        ];
      }
      if (programmed.status === 'True') return [];
      return [
        {
          ...common,
          cause: 'gateway-not-programmed',
          says: `the controller has not programmed Gateway ${nameOf(gateway)}: ${programmed.reason}`,
          evidence: [`Programmed: ${programmed.status} ${programmed.reason}: ${programmed.message}`],
        },
      ];
    });
}

/** Told already of the Gateway, or of the Service in front of it. */
function isExplained({ services }: Facts, gateway: Facts['gateways'][number], before: Diagnosis[]): boolean {
  const service = serviceFor(gateway, services);
  return [gateway, ...(service ? [service] : [])].some((one) => isTold(before, one));
}
