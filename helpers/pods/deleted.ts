import type { Event } from '../diagnose/facts.ts';
import type { Pod } from './types.ts';

/** They tell by events of one form which pods they made, and which they deleted. */
const owners = ['ReplicaSet', 'DaemonSet'];
/** What stands on a pod is itself again some time after the one that takes its place was made, in milliseconds. */
const recovery = 60_000;

/** Whether a pod is on its way out: who it was that deleted it may not be told yet. */
export const isLeaving = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/**
 * Which pod somebody deleted who is neither its ReplicaSet or DaemonSet, nor a rollout by way of that: it is gone, or about
 * to be, by no doing of what made it, which made another. One whose container ended is not gone, nor is one that was
 * evicted.
 * @param events of the pods' namespaces; the API server keeps them for an hour
 * @param since by a clock as the API server has it: what was whole again before that is not told
 * @returns `Pod NAMESPACE/NAME was deleted by somebody, and NAME made in its place at TIME`, undefined where there is none
 */
export function deletedPod(
  { pods, events }: { pods: Pod[]; events: Event[] },
  since: Date,
): string | undefined {
  const staying = pods
    .filter((pod) => !isLeaving(pod))
    .toSorted((a, b) => madeAt(b).getTime() - madeAt(a).getTime());
  for (const pod of staying) {
    const { metadata } = pod;
    if (madeAt(pod).getTime() + recovery < since.getTime()) return undefined;
    const theirs = events.filter(({ involvedObject }) =>
      (metadata.ownerReferences ?? []).some(
        ({ kind, uid }) => owners.includes(kind) && uid === involvedObject.uid,
      ),
    );
    const deleted = namedIn(theirs, 'SuccessfulDelete');
    const gone = namedIn(theirs, 'SuccessfulCreate').find(
      (name) => !deleted.includes(name) && !staying.some((one) => isNamed(one, name, metadata.namespace)),
    );
    if (gone !== undefined)
      return `Pod ${metadata.namespace}/${gone} was deleted by somebody, and ${metadata.name} made in its place at ${madeAt(pod).toISOString().slice(11, 19)}`;
  }
  return undefined;
}

const madeAt = ({ metadata }: Pod): Date => new Date(metadata.creationTimestamp ?? 0);

const isNamed = ({ metadata }: Pod, name: string, namespace: string | undefined): boolean =>
  metadata.name === name && metadata.namespace === namespace;

/** `Created pod: NAME`, `Deleted pod: NAME` */
const namedIn = (events: Event[], reason: string): string[] =>
  events
    .filter((event) => event.reason === reason)
    .flatMap(({ message = '' }) => / pod: (\S+)$/.exec(message)?.[1] ?? []);
