import type { Kube } from '../kube/client.ts';
import type { Ref } from '../kube/objects.ts';
import { met, missing, waitFor } from '../kube/wait.ts';
import type { Timeouts } from '../timeouts.ts';
import { conditionSummary, isTrue } from './conditions.ts';
import type { GatewayObject } from './types.ts';

interface Stage {
  milestone: 'accepted' | 'programmed' | 'address';
  until: string;
  reached: (gateway: GatewayObject, generation: number) => boolean;
}

const stages: Stage[] = [
  {
    milestone: 'accepted',
    until: 'to be Accepted',
    reached: ({ status }, generation) => isTrue(status?.conditions, 'Accepted', generation),
  },
  {
    milestone: 'programmed',
    until: 'to be Programmed',
    reached: ({ status }, generation) => isTrue(status?.conditions, 'Programmed', generation),
  },
  {
    milestone: 'address',
    until: 'to have an address',
    reached: ({ status }) => (status?.addresses?.length ?? 0) > 0,
  },
];

/**
 * Waits until the Gateway is Accepted, Programmed (each for its present generation) and has an address.
 * @param reached called as each of the three is seen
 * @returns the Gateway as it was then
 * @throws WaitTimeout naming the one that was missing, with the conditions as they were last
 */
export async function gatewayReady(
  kube: Kube,
  ref: Ref,
  {
    timeouts,
    reached,
    signal,
  }: {
    timeouts: Timeouts;
    reached?: (milestone: Stage['milestone']) => void;
    signal?: AbortSignal | undefined;
  },
): Promise<GatewayObject> {
  let gateway: GatewayObject | undefined;
  for (const stage of stages) {
    gateway = await waitFor<GatewayObject, GatewayObject>(kube, ref, {
      until: stage.until,
      timeout: timeouts[stage.milestone],
      signal,
      check: ([object]) => {
        if (!object) return missing('there is no such Gateway');
        const generation = object.metadata.generation ?? 0;
        return stage.reached(object, generation)
          ? met(object)
          : missing(conditionSummary(object.status?.conditions, generation));
      },
    });
    reached?.(stage.milestone);
  }
  return gateway as GatewayObject;
}
