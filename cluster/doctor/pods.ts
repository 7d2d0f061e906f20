import type { Condition } from '../../helpers/kube/objects.ts';
import { read } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';
import { kubectlOptions } from '../preflight/connection.ts';
import type { Finding } from './finding.ts';

interface ContainerState {
  waiting?: { reason?: string; message?: string };
  terminated?: { reason?: string; exitCode: number };
}

interface Pod {
  metadata: { name: string; namespace: string; deletionTimestamp?: string };
  status: {
    phase: string;
    reason?: string;
    message?: string;
    conditions?: Condition[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  state?: ContainerState;
  lastState?: ContainerState;
}

/** The namespaces whose pods an ingress gateway stands on. */
const NAMESPACES = ['kube-system', 'metallb-system', 'istio-system'];

/** Pods there that do not run or are not ready, with their own reason. @throws Problem when they cannot be read */
export async function diagnosePods(cluster: Cluster): Promise<Finding[]> {
  const found = await Promise.all(
    NAMESPACES.map((namespace) =>
      read<{ items: Pod[] }>(cluster, `the pods of ${namespace}`, `/api/v1/namespaces/${namespace}/pods`),
    ),
  );
  return found
    .flatMap((list) => list?.items ?? [])
    .map((pod) => findingFor(cluster, pod))
    .filter((finding) => finding !== undefined);
}

function findingFor(cluster: Cluster, { metadata, status }: Pod): Finding | undefined {
  const { name, namespace, deletionTimestamp } = metadata;
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  if (deletionTimestamp || status.phase === 'Succeeded' || ready?.status === 'True') return undefined;

  const scheduled = status.conditions?.find(({ type }) => type === 'PodScheduled');
  const at = `--namespace ${namespace} ${kubectlOptions(cluster.connection)}`;
  if (scheduled?.status === 'False') {
    return {
      wrong: `pod ${namespace}/${name} finds no node`,
      evidence: [`${scheduled.reason}: ${scheduled.message}`],
      next: `kubectl describe nodes ${kubectlOptions(cluster.connection)} | grep -A 8 "Allocated resources"`,
    };
  }
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const crashing = containers.find(({ ready: is, restartCount }) => !is && restartCount > 0);
  if (crashing) {
    return {
      wrong: `pod ${namespace}/${name} crashes again and again`,
      evidence: [describeContainer(crashing)],
      next: `kubectl logs ${name} --container ${crashing.name} --previous ${at}`,
    };
  }
  const evidence = containers.filter(({ state, ready: is }) => !is && state).map(describeContainer);
  return {
    wrong: `pod ${namespace}/${name} is not ready`,
    evidence: [
      `phase ${status.phase}${status.reason ? ` (${status.reason}: ${status.message})` : ''}`,
      ...(evidence.length > 0 ? evidence : [ready?.message ?? 'no container has started yet']),
    ],
    next: `kubectl describe pod ${name} ${at}`,
  };
}

/** `container discovery restarted 7 times, CrashLoopBackOff: back-off 5m0s …, ended before with Error (exit code 1)` */
function describeContainer({ name, restartCount, state, lastState }: ContainerStatus): string {
  const waiting = state?.waiting;
  const ended = state?.terminated ?? lastState?.terminated;
  return [
    `container ${name}${restartCount ? ` restarted ${restartCount} times` : ''}`,
    waiting && [waiting.reason, waiting.message].filter(Boolean).join(': '),
    !waiting && state && !state.terminated && 'runs, but is not ready',
    ended && `ended with ${ended.reason ?? 'an error'} (exit code ${ended.exitCode})`,
  ]
    .filter(Boolean)
    .join(', ');
}
