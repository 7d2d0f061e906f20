import type { Kube } from '../kube/client.ts';
import { runNamespace } from '../run/id.ts';
import { waitsForRoom } from './stuck.ts';
import { type Pod, podKind } from './types.ts';

/**
 * Whether a pod that a run made, or that a controller made for a Gateway of the run, waits for a node to have room: other
 * cases have it, or what they left and is still going. Says no where the API server gives no answer.
 * @param run its id
 */
export async function lacksRoom(kube: Kube, run: string): Promise<boolean> {
  const ours = runNamespace(run);
  // a controller that keeps its pods in a namespace of its own names the Gateway's in a label
  const isOurs = ({ metadata: { namespace = '', labels = {} } }: Pod): boolean =>
    [namespace, ...Object.values(labels)].some((one) => one.startsWith(ours));
  try {
    const { items } = await kube.list<Pod>({ ...podKind, fields: 'status.phase=Pending' });
    return items.some((pod) => isOurs(pod) && waitsForRoom(pod) !== undefined);
  } catch {
    return false;
  }
}

/** The first pod that waits for a node to have room: `no node has room for Pod NAMESPACE/NAME: 0/1 nodes are available…` */
export function podWithoutRoom(pods: Pod[]): string | undefined {
  for (const pod of pods) {
    const said = waitsForRoom(pod);
    if (said !== undefined)
      return `no node has room for Pod ${pod.metadata.namespace}/${pod.metadata.name}: ${said}`;
  }
  return undefined;
}
