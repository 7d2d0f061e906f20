import { expect, test } from 'vitest';
import type { Event } from '../diagnose/facts.ts';
import { deletedPod } from './deleted.ts';
import type { Pod } from './types.ts';

const pod = (
  name: string,
  at: string,
  { owner = 'set', kind = 'ReplicaSet', leaving = false, namespace = 'edge' } = {},
) =>
  ({
    metadata: {
      name,
      namespace,
      creationTimestamp: `2026-01-01T12:${at}Z`,
      ownerReferences: [{ kind, uid: owner }],
      ...(leaving && { deletionTimestamp: `2026-01-01T12:${at}Z` }),
    },
  }) as Pod;

const event = (did: 'Created' | 'Deleted', name: string, uid = 'set') =>
  ({
    reason: did === 'Created' ? 'SuccessfulCreate' : 'SuccessfulDelete',
    message: `${did} pod: ${name}`,
    involvedObject: { uid },
  }) as Event;

const old = pod('old', '00:00');
const young = pod('young', '10:00');
const made = [event('Created', 'old'), event('Created', 'young')];
const told = 'Pod edge/old was deleted by somebody, and young made in its place at 12:10:00';

test.for<[string, { pods: Pod[]; events?: Event[]; told: string | undefined }]>([
  ['is gone', { pods: [young], told }],
  ['is about to go', { pods: [pod('old', '00:00', { leaving: true }), young], told }],
  [
    'was one of two',
    { pods: [pod('other', '00:00'), young], events: [...made, event('Created', 'other')], told },
  ],
  [
    'was made in the same minute as another',
    { pods: [pod('other', '09:59'), young], events: [...made, event('Created', 'other')], told },
  ],
  ['has a name that is elsewhere too', { pods: [young, pod('old', '00:00', { namespace: 'other' })], told }],
  ['is there', { pods: [old, young], told: undefined }],
  ['has no other yet', { pods: [pod('old', '00:00', { leaving: true })], told: undefined }],
  [
    'went with a rollout',
    {
      pods: [pod('young', '10:00', { owner: 'next' })],
      events: [event('Created', 'old'), event('Deleted', 'old'), event('Created', 'young', 'next')],
      told: undefined,
    },
  ],
  [
    'was deleted by its ReplicaSet',
    { pods: [young], events: [...made, event('Deleted', 'old')], told: undefined },
  ],
  [
    'was of another ReplicaSet',
    { pods: [young], events: [event('Created', 'old', 'else'), event('Created', 'young')], told: undefined },
  ],
  ['is of a DaemonSet', { pods: [pod('young', '10:00', { kind: 'DaemonSet' })], told }],
  ['is of a Job', { pods: [pod('young', '10:00', { kind: 'Job' })], told: undefined }],
  ['was replaced long before', { pods: [pod('young', '08:59')], told: undefined }],
  ['was replaced a minute before', { pods: [pod('young', '09:00')], told: told.replace('10:00', '09:00') }],
  [
    'could not be made at first',
    {
      pods: [young],
      events: [{ ...event('Created', 'old'), reason: 'FailedCreate' }, event('Created', 'young')],
      told: undefined,
    },
  ],
])('a pod that %s', ([, { pods, events = made, told: wanted }]) => {
  expect(deletedPod({ pods, events }, new Date('2026-01-01T12:10:00Z'))).toBe(wanted);
});
