import { type Condition, type KubeObject, labelWords } from '../kube/objects.ts';

interface Terminated {
  exitCode: number;
  reason?: string;
  message?: string;
}

export interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  state?: {
    waiting?: { reason?: string; message?: string };
    running?: { startedAt: string };
    terminated?: Terminated;
  };
  lastState?: { terminated?: Terminated };
}

/** The fields of a Pod that helpers read. */
export interface Pod extends KubeObject {
  spec: {
    nodeName?: string;
    containers: { name: string; image?: string; ports?: { name?: string; containerPort: number }[] }[];
  };
  status?: {
    phase?: string;
    hostIP?: string;
    podIP?: string;
    podIPs?: { ip: string }[];
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

/** The fields of a Deployment that helpers read. */
export interface Deployment extends KubeObject {
  spec: {
    replicas?: number;
    selector: { matchLabels: Record<string, string> };
    template?: { metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> } };
  };
  status?: {
    observedGeneration?: number;
    availableReplicas?: number;
    updatedReplicas?: number;
    conditions?: Condition[];
  };
}

export const podKind = { apiVersion: 'v1', kind: 'Pod' };
export const deploymentKind = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** Whether the pod takes traffic, and is to go on doing so. */
export const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');

/** Label selector of a Deployment's pods. */
export const podsOf = ({ spec }: Deployment): string => labelWords(spec.selector.matchLabels);
