import type { Kube } from '../helpers/kube/client.ts';
import type { KubeObject, Selection } from '../helpers/kube/objects.ts';
import { met, missing, waitFor } from '../helpers/kube/wait.ts';

const readyWithin = 120_000;

interface Pod extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] };
}

/** For what all gateways wait for: pods that ask for none of the CPU get none of cores that are busy with pods that do. */
export const share = { requests: { cpu: '50m' } };

/** Settles when at least `count` of the selected pods exist and all of them are ready. @throws WaitTimeout */
export async function podsReady(
  kube: Kube,
  of: Omit<Selection, 'apiVersion' | 'kind'>,
  count: number,
): Promise<void> {
  await waitFor<Pod, void>(
    kube,
    { ...of, apiVersion: 'v1', kind: 'Pod' },
    {
      until: 'to be ready',
      timeout: readyWithin,
      check: (pods) => {
        const open = pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name);
        return pods.length >= count && open.length === 0
          ? met(undefined)
          : missing(open.join(', ') || `${pods.length} of ${count} pods exist`);
      },
    },
  );
}

const isReady = ({ status }: Pod) =>
  status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
