import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../kube/objects.ts';
import { RUN_LABEL } from '../labels.ts';
import { type Holder, holderIdentity, parseHolder, stateOf, thisHolder } from './holder.ts';
import { newRunId, runNamespace } from './id.ts';
import { type Lease, leaseKind, leaseName } from './lease.ts';
import { deadRuns } from './sweep.ts';

const now = new Date('2026-11-24T02:00:00Z');
const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1_000).toISOString();

const namespace = (name: string, run: string, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, uid: name, labels: { [RUN_LABEL]: run }, creationTimestamp: ago(3_600), ...metadata },
});
/** `changed`: seconds since the server saw the last change; `clock`: the same by the holder's clock. */
const lease = (
  run: string,
  holder: string,
  { changed = 3_600, clock }: { changed?: number; clock?: number } = {},
): Lease => ({
  ...leaseKind,
  metadata: {
    name: leaseName,
    namespace: runNamespace(run),
    creationTimestamp: ago(3_600),
    managedFields: [{ time: ago(3_600) }, { time: ago(changed) }],
  },
  spec: { holderIdentity: holder, leaseDurationSeconds: 60, renewTime: ago(clock ?? changed) },
});

const here = await thisHolder();
/** A process of this host that has ended. */
const ended: Holder = { ...here, pid: spawnSync(process.execPath, ['-e', '']).pid, start: '1' };
const elsewhere: Holder = { ...here, host: 'another.host' };

/** Names of what is swept. */
const sweptOf = async (objects: KubeObject[], leases: Lease[]): Promise<string[]> =>
  (await deadRuns(objects, leases, now)).flatMap((dead) => dead.objects.map(({ metadata }) => metadata.name));

describe('what is swept', () => {
  const run = newRunId();
  const left = [namespace(runNamespace(run), run), namespace(`conformance-${run}-shop-ab12`, run)];
  const all = left.map(({ metadata }) => metadata.name);

  test.for<[string, string[], Lease[]]>([
    [
      'a run whose process on this host has ended, at once',
      all,
      [lease(run, holderIdentity(ended), { changed: 1 })],
    ],
    [
      'a run whose process number on this host another process has now',
      all,
      [lease(run, holderIdentity({ ...here, start: '1' }), { changed: 1 })],
    ],
    [
      'a run of another host whose lease expired',
      all,
      [lease(run, holderIdentity(elsewhere), { changed: 61 })],
    ],
    [
      'a run whose holder cannot be read and whose lease expired',
      all,
      [lease(run, 'somebody', { changed: 61 })],
    ],
    ['a run without a lease', all, []],
    [
      'a run of whose lease only another one of that name is left',
      all,
      [lease(newRunId(), holderIdentity(here))],
    ],
  ])('%s', async ([, swept, leases]) => {
    expect(await sweptOf(left, leases)).toEqual(swept);
  });

  test.for<[string, Lease]>([
    ['a run whose process on this host lives, however old its lease', lease(run, holderIdentity(here))],
    ['a run of another host that renews its lease', lease(run, holderIdentity(elsewhere), { changed: 59 })],
    [
      'a run of another host whose clock is an hour behind',
      lease(run, holderIdentity(elsewhere), { changed: 10, clock: 3_610 }),
    ],
    ['a run whose holder cannot be read, while its lease holds', lease(run, 'somebody', { changed: 10 })],
  ])('not %s', async ([, held]) => {
    expect(await sweptOf(left, [held])).toEqual([]);
  });

  test('not a run that is about to make its lease; but one that never made it', async () => {
    const beginning = (seconds: number): KubeObject[] => [
      namespace(runNamespace(run), run, { creationTimestamp: ago(seconds) }),
    ];
    expect(await sweptOf(beginning(5), [])).toEqual([]);
    expect(await sweptOf(beginning(61), [])).toEqual([runNamespace(run)]);
    const ending = namespace(runNamespace(run), run, {
      creationTimestamp: ago(5),
      deletionTimestamp: ago(1),
    });
    expect(await sweptOf([ending], [])).toEqual([runNamespace(run)]);
  });

  test('not what others made, whatever its name or label', async () => {
    const foreign = [
      namespace('conformance-infra', ''),
      namespace(`conformance-${run}-mine`, 'yes'),
      namespace('conformance-RUN', `${run}x`),
      { ...namespace(`conformance-${run}`, run), metadata: { name: `conformance-${run}` } },
    ];
    expect(await sweptOf(foreign, [])).toEqual([]);
  });

  test('runs apart: a dead one beside a living one', async () => {
    const living = newRunId();
    const theirs = namespace(`conformance-${living}-shop-cd34`, living);
    const leases = [lease(run, holderIdentity(ended)), lease(living, holderIdentity(here))];
    expect(await sweptOf([...left, theirs], leases)).toEqual(all);
  });
});

describe('a holder', () => {
  test('comes back from its text', () => {
    expect(parseHolder(holderIdentity(here))).toEqual(here);
    expect(parseHolder('ingress-host')).toBeUndefined();
    expect(parseHolder('host/not-a-number/1')).toBeUndefined();
  });

  test('lives, is dead, or cannot be known from here', async () => {
    expect(await stateOf(here)).toBe('alive');
    expect(await stateOf({ ...here, start: `${Number(here.start) + 1}` })).toBe('dead');
    expect(await stateOf(ended)).toBe('dead');
    expect(await stateOf(elsewhere)).toBe('unknown');
    // the first process of the machine, which is somebody else's for most
    expect(await stateOf({ ...here, pid: 1, start: '0' })).toBe('dead');
  });
});
