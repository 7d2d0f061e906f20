import type { ContainerStatus, Pod } from './types.ts';

/** Reasons for which a container waits that time does not mend while the manifest stays as it is. */
const hopeless = new Set([
  'CrashLoopBackOff',
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** Why a pod will not become ready. */
export interface Stuck {
  pod: string;
  /** The container at fault; absent when no node takes the pod. */
  container?: string;
  /** The pod's own: `CrashLoopBackOff`, `ErrImagePull`, `Unschedulable`. */
  reason: string;
  message: string;
}

/**
 * The pod's own reason for not getting ready, when it is one that waiting does not mend: an image that cannot be had,
 * a container that keeps crashing or cannot be made, no node that ever fits. A node that is merely full is not one:
 * it empties as other cases end.
 */
export function stuckPod({ metadata, status }: Pod): Stuck | undefined {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const container of statuses) {
    const { reason, message } = container.state?.waiting ?? {};
    if (reason && hopeless.has(reason)) {
      return {
        pod: metadata.name,
        container: container.name,
        reason,
        message: [message, howItEnded(container)].filter(Boolean).join('; '),
      };
    }
  }
  const said = unschedulable(status);
  if (said === undefined || isFull(said)) return undefined;
  return { pod: metadata.name, reason: 'Unschedulable', message: said };
}

/** What the scheduler says of a pod that waits for a node to have room: `0/1 nodes are available: 1 Insufficient cpu.` */
export function waitsForRoom({ status }: Pod): string | undefined {
  const said = unschedulable(status);
  return said !== undefined && isFull(said) ? said : undefined;
}

/** What the scheduler says of a pod that no node takes. */
function unschedulable(status: Pod['status']): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.reason === 'Unschedulable' ? (scheduled.message ?? '') : undefined;
}

/** Whether a node would take it if others went. */
const isFull = (said: string): boolean => /Insufficient|Too many pods/.test(said);

function howItEnded({ state, lastState, restartCount }: ContainerStatus): string | undefined {
  const ended = state?.terminated ?? lastState?.terminated;
  if (!ended) return undefined;
  const why = [ended.reason, ended.message].filter(Boolean).join(': ');
  return `ended with exit code ${ended.exitCode}${why ? ` (${why})` : ''}, restarted ${restartCount} times`;
}

/** What a pod that is not ready yet is doing, in a few words. */
export function podProgress({ metadata, status }: Pod): string {
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    .filter(({ ready }) => !ready)
    .map(
      ({ name, state }) => `${name}: ${state?.waiting?.reason ?? state?.terminated?.reason ?? 'not ready'}`,
    );
  const blocked = status?.conditions?.find(
    ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
  );
  const details = blocked ? [`${blocked.reason}: ${blocked.message}`] : waiting;
  return `${metadata.name} ${status?.phase ?? 'not seen by a node yet'}${details.length ? ` (${details.join(', ')})` : ''}`;
}
