import { expect, test } from 'vitest';
import type { Kube } from '../kube/client.ts';
import { lacksRoom, podWithoutRoom } from './room.ts';
import type { Pod } from './types.ts';

const full = '0/1 nodes are available: 1 Insufficient cpu.';

const pod = (namespace: string, message: string, labels = {}) =>
  ({
    metadata: { name: 'web', namespace, labels },
    status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] },
  }) as Pod;

const lacks = (list: () => Promise<{ items: Pod[] }>) => lacksRoom({ list } as unknown as Kube, 'abc');

test.for([
  ['in a namespace of the run', pod('conformance-abc-shop', full), true],
  [
    'of a Gateway of the run, elsewhere',
    pod('edge', full, { 'x/gateway-namespace': 'conformance-abc-shop' }),
    true,
  ],
  ['of somebody else', pod('shop', full), false],
  ['of another run', pod('conformance-abd-shop', full), false],
  [
    'that fits no node',
    pod('conformance-abc-shop', '0/1 nodes are available: 1 node(s) had a taint.'),
    false,
  ],
  [
    'one too many for the node',
    pod('conformance-abc-shop', '0/1 nodes are available: 1 Too many pods.'),
    true,
  ],
] as const)('a pod %s', async ([, waiting, expected]) => {
  expect(await lacks(async () => ({ items: [waiting] }))).toBe(expected);
});

test('an API server that gives no answer says nothing of room', async () => {
  expect(await lacks(() => Promise.reject(new Error('refused')))).toBe(false);
});

test('the first pod without room is told', () => {
  const placed = { metadata: { name: 'other', namespace: 'shop' }, status: { phase: 'Running' } } as Pod;
  expect(podWithoutRoom([placed, pod('shop', full)])).toBe(`no node has room for Pod shop/web: ${full}`);
  expect(podWithoutRoom([placed])).toBeUndefined();
});
