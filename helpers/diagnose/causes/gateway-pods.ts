import type { KubeObject } from '../../kube/objects.ts';
import { refOf } from '../../kube/objects.ts';
import { podProgress, type Stuck, stuckPod, waitsForRoom } from '../../pods/stuck.ts';
import type { Pod } from '../../pods/types.ts';
import { type Diagnosis, isTold } from '../diagnosis.ts';
import { type Facts, inScope, nameOf, selects } from '../facts.ts';
import { podsOfGateway } from '../served.ts';

/**
 * Gateways of either API that have pods, and none of them ready. One whose certificate is missing is none of them: a pod
 * of Istio's waits for it before it is ready.
 */
export function gatewayPods(facts: Facts, before: Diagnosis[]): Diagnosis[] {
  const gateways: { gateway: KubeObject; pods: Pod[] }[] = [
    ...facts.gateways.map((gateway) => ({ gateway, pods: podsOfGateway(facts, gateway) })),
    ...facts.istioGateways.map((gateway) => ({
      gateway,
      pods: facts.pods.filter(({ metadata }) => selects(gateway.spec.selector, metadata.labels)),
    })),
  ];
  return gateways
    .filter(
      ({ gateway, pods }) =>
        inScope(facts, gateway) && !isTold(before, gateway) && pods.length > 0 && !pods.some(isReady),
    )
    .map(({ gateway, pods }) => {
      const [first] = pods;
      const stuck = pods.map(stuckPod).find((one) => one !== undefined);
      return {
        ...wrongWith(`the pods of ${gateway.kind} ${nameOf(gateway)}`, stuck, pods),
        evidence: [...pods.map((pod) => `pod ${podProgress(pod)}`), ...(stuck ? [stuck.message] : [])],
        next: facts.kubectl(
          `-n ${first?.metadata.namespace} describe pod ${stuck?.pod ?? first?.metadata.name}`,
        ),
        about: refOf(gateway),
        shows: ['no-connection', 'status'],
      };
    });
}

function wrongWith(what: string, stuck: Stuck | undefined, pods: Pod[]): Pick<Diagnosis, 'cause' | 'says'> {
  if (stuck) return { cause: 'gateway-cannot-start', says: `${what} cannot start: ${stuck.reason}` };
  const full = pods.map(waitsForRoom).find((said) => said !== undefined);
  if (full !== undefined)
    return { cause: 'gateway-without-room', says: `no node has room for ${what}: ${full}` };
  return { cause: 'gateway-not-ready', says: `none of ${what} is ready` };
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
