import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import type { Ref } from '../kube/objects.ts';
import { type Check, met, missing, waitFor } from '../kube/wait.ts';
import { podProgress, type Stuck, stuckPod } from './stuck.ts';
import { type Deployment, deploymentKind, isReady, type Pod, podKind, podsOf } from './types.ts';

const logLines = 10;

/** A backend that cannot become ready, with its pod's own reason and last words. */
export class BackendStuck extends Error {
  override readonly name = 'BackendStuck';
  readonly asked: string;
  readonly got: string;
  override readonly cause: string;
  readonly next: string;
  /** The pod's own: CrashLoopBackOff, ErrImagePull, Unschedulable. */
  readonly reason: string;

  constructor(kube: Kube, { namespace, name }: Pick<Ref, 'namespace' | 'name'>, stuck: Stuck, log: string) {
    const where = stuck.container === undefined ? stuck.pod : `${stuck.pod}, container ${stuck.container}`;
    const asked = `Deployment ${namespace}/${name} to be ready`;
    const got = `pod ${where}: ${stuck.reason}: ${stuck.message}`;
    const lines =
      log.trim() === '' ? '' : `\n  its last log lines:\n    ${log.trim().split('\n').join('\n    ')}`;
    super(`waited for ${asked}; ${got}${lines}`);
    this.asked = asked;
    this.got = got;
    this.cause = `the backend's pod cannot start: ${stuck.reason}`;
    this.next = kube.kubectl(`-n ${namespace} describe pod ${stuck.pod}`);
    this.reason = stuck.reason;
  }
}

/**
 * Waits until a Deployment is available in its present generation. Its pods are watched beside it, so that a pod
 * that cannot start ends the wait within moments of saying so.
 * @returns its ready pods
 * @throws BackendStuck with the pod's own reason, message and last log lines; WaitTimeout with what the pods were
 * doing when the deadline passed
 */
export async function deploymentReady(
  kube: Kube,
  { name, namespace }: { name: string; namespace: string },
  { timeout, signal }: { timeout: number; signal?: AbortSignal | undefined },
): Promise<Pod[]> {
  const deployment = await kube.get<Deployment>({ ...deploymentKind, name, namespace });
  if (!deployment) throw new Error(`there is no Deployment ${namespace}/${name} to wait for`);
  const wanted = deployment.spec.replicas ?? 1;
  const over = new AbortController();
  const either = signal ? AbortSignal.any([over.signal, signal]) : over.signal;
  const pods = waitFor<Pod, Pod[]>(
    kube,
    { ...podKind, namespace, labels: podsOf(deployment) },
    {
      until: `of Deployment ${name} to be ready`,
      timeout,
      signal: either,
      check: (seen) => podsReady(kube, { name, namespace }, seen, wanted),
    },
  );
  const pursued = waitFor<Deployment, undefined>(
    kube,
    { ...deploymentKind, name, namespace },
    {
      until: 'to be available',
      timeout,
      signal: either,
      check: ([seen]) => available(kube, seen, wanted),
    },
  );
  try {
    const [ready] = await Promise.all([pods, pursued]);
    return ready;
  } finally {
    // the wait that is still open, if one failed, has nothing to tell any more
    over.abort();
    await Promise.allSettled([pods, pursued]);
  }
}

async function podsReady(
  kube: Kube,
  deployment: { name: string; namespace: string },
  seen: Pod[],
  wanted: number,
): Promise<Check<Pod[]>> {
  for (const pod of seen) {
    const stuck = stuckPod(pod);
    if (stuck)
      throw new BackendStuck(kube, deployment, stuck, await lastWords(kube, deployment.namespace, stuck));
  }
  const ready = seen.filter(isReady);
  if (ready.length >= wanted) return met(ready);
  return missing(seen.length === 0 ? 'it has no pod yet' : seen.map(podProgress).join(', '));
}

function available(kube: Kube, deployment: Deployment | undefined, wanted: number): Check<undefined> {
  if (!deployment) return missing('it is not there any more');
  const { status, metadata } = deployment;
  // quota, admission or a missing service account: the ReplicaSet cannot make its pods
  const refused = status?.conditions?.find(
    ({ type, status: is }) => type === 'ReplicaFailure' && is === 'True',
  );
  if (refused) {
    const stuck = { pod: 'none', reason: refused.reason ?? 'ReplicaFailure', message: refused.message ?? '' };
    throw new BackendStuck(kube, deployment.metadata, stuck, '');
  }
  const current = status?.observedGeneration === metadata.generation;
  if (current && (status?.availableReplicas ?? 0) >= wanted) return met(undefined);
  return missing(`${status?.availableReplicas ?? 0} of ${wanted} replicas are available`);
}

async function lastWords(kube: Kube, namespace: string, { pod, container, reason }: Stuck): Promise<string> {
  if (container === undefined || reason !== 'CrashLoopBackOff') return '';
  try {
    return await kube.logs({ namespace, name: pod }, { container, tailLines: logLines, previous: true });
  } catch (error) {
    if (error instanceof ApiError) return `(its log cannot be read: ${error.said})`;
    throw error;
  }
}
