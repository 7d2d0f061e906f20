import type { Kube } from '../kube/client.ts';
import type { Condition, Ref } from '../kube/objects.ts';
import { met, missing, waitFor } from '../kube/wait.ts';
import type { Timeouts } from '../timeouts.ts';
import { conditionSummary, isTrue } from './conditions.ts';
import type { GatewayObject } from './types.ts';

interface Stage {
  milestone?: 'accepted' | 'programmed' | 'address';
  until: string;
  reached: (gateway: GatewayObject, generation: number) => boolean;
}

const accepted: Stage = {
  milestone: 'accepted',
  until: 'to be Accepted',
  reached: ({ status }, generation) => isTrue(status?.conditions, 'Accepted', generation),
};
const programmed: Stage = {
  milestone: 'programmed',
  until: 'to be Programmed',
  reached: ({ status }, generation) => isTrue(status?.conditions, 'Programmed', generation),
};
const addressed: Stage = {
  milestone: 'address',
  until: 'to have an address',
  reached: ({ status }) => (status?.addresses?.length ?? 0) > 0,
};
const butForAnAddress: Stage = {
  until: 'to lack nothing but an address',
  reached: (gateway, generation) =>
    programmed.reached(gateway, generation) ||
    (gateway.status?.conditions ?? []).some((condition) => awaitsAddress(condition, generation)),
};

/** The reason that Gateway API has for a Gateway whose infrastructure stands without an address. */
const awaitsAddress = ({ type, reason, observedGeneration }: Condition, generation: number): boolean =>
  type === 'Programmed' && reason === 'AddressNotAssigned' && observedGeneration === generation;

/**
 * Waits until the Gateway is Accepted, Programmed (each for its present generation) and has an address.
 * @param withAddress false: until it is Accepted and lacks nothing but an address, for want of a load balancer
 * @param reached called as each of the three is seen
 * @returns the Gateway as it was then
 * @throws WaitTimeout naming the one that was missing, with the conditions as they were last
 */
export async function gatewayReady(
  kube: Kube,
  ref: Ref,
  {
    withAddress,
    timeouts,
    reached,
    signal,
  }: {
    withAddress: boolean;
    timeouts: Timeouts;
    reached?: (milestone: NonNullable<Stage['milestone']>) => void;
    signal?: AbortSignal | undefined;
  },
): Promise<GatewayObject> {
  let gateway: GatewayObject | undefined;
  for (const stage of withAddress ? [accepted, programmed, addressed] : [accepted, butForAnAddress]) {
    gateway = await waitFor<GatewayObject, GatewayObject>(kube, ref, {
      until: stage.until,
      timeout: timeouts[stage.milestone ?? 'programmed'],
      signal,
      check: ([object]) => {
        if (!object) return missing('there is no such Gateway');
        const generation = object.metadata.generation ?? 0;
        return stage.reached(object, generation)
          ? met(object)
          : missing(conditionSummary(object.status?.conditions, generation));
      },
    });
    if (stage.milestone) reached?.(stage.milestone);
  }
  return gateway as GatewayObject;
}
