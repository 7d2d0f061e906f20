import { describe, expect, test } from 'vitest';
import { podProgress, stuckPod } from './stuck.ts';
import type { Pod } from './types.ts';

type Status = NonNullable<Pod['status']>;

const pod = (status: Status): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'httpbin-1', namespace: 'shop' },
  spec: { containers: [{ name: 'httpbin' }] },
  status,
});

const container = { name: 'httpbin', ready: false, restartCount: 0 };
const waiting = (reason: string, message = ''): Status => ({
  phase: 'Pending',
  containerStatuses: [{ ...container, state: { waiting: { reason, message } } }],
});
const unschedulable = (message: string): Status => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
});

describe('stuckPod', () => {
  test.for([
    'CrashLoopBackOff',
    'ErrImagePull',
    'ImagePullBackOff',
    'ErrImageNeverPull',
    'InvalidImageName',
    'CreateContainerConfigError',
    'CreateContainerError',
    'RunContainerError',
  ])('%s is the pod’s own reason', (reason) => {
    expect(stuckPod(pod(waiting(reason, 'said the kubelet')))).toEqual({
      pod: 'httpbin-1',
      container: 'httpbin',
      reason,
      message: 'said the kubelet',
    });
  });

  test.for(['ContainerCreating', 'PodInitializing'])('%s passes by itself', (reason) => {
    expect(stuckPod(pod(waiting(reason)))).toBeUndefined();
  });

  test('a crash loop says how the container ended', () => {
    const crashed: Status = {
      containerStatuses: [
        {
          ...container,
          restartCount: 2,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s' } },
          lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
        },
      ],
    };
    expect(stuckPod(pod(crashed))?.message).toBe(
      'back-off 20s; ended with exit code 137 (OOMKilled), restarted 2 times',
    );
  });

  test('an init container that cannot start is found', () => {
    const status: Status = {
      ...waiting('PodInitializing'),
      initContainerStatuses: [
        { ...container, name: 'istio-init', state: { waiting: { reason: 'ErrImagePull' } } },
      ],
    };
    expect(stuckPod(pod(status))).toMatchObject({ container: 'istio-init', reason: 'ErrImagePull' });
  });

  test('a node selector that no node has is hopeless, a full node is not', () => {
    const selector = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
    expect(stuckPod(pod(unschedulable(selector)))).toMatchObject({
      reason: 'Unschedulable',
      message: selector,
    });
    expect(stuckPod(pod(unschedulable('0/1 nodes are available: 1 Insufficient cpu.')))).toBeUndefined();
  });

  test('a pod that runs is not stuck', () => {
    expect(
      stuckPod(pod({ phase: 'Running', containerStatuses: [{ ...container, ready: true }] })),
    ).toBeUndefined();
  });
});

describe('podProgress', () => {
  test.for([
    [waiting('ContainerCreating'), 'httpbin-1 Pending (httpbin: ContainerCreating)'],
    [
      unschedulable('0/1 nodes: 1 Insufficient cpu.'),
      'httpbin-1 Pending (Unschedulable: 0/1 nodes: 1 Insufficient cpu.)',
    ],
    [
      { phase: 'Running', containerStatuses: [{ ...container, state: {} }] },
      'httpbin-1 Running (httpbin: not ready)',
    ],
    [{}, 'httpbin-1 not seen by a node yet'],
  ] as [Status, string][])('%o', ([status, said]) => {
    expect(podProgress(pod(status))).toBe(said);
  });
});
