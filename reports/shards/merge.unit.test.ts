import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyRun, sampleCase, sampleRun, versions } from '../regression/sample-runs.ts';
import type { Cost, Run } from '../run.ts';
import { complaints } from '../write.ts';
import { mergeShards, type ShardRun } from './merge.ts';

/** A run of two shards with one case each. */
const [one, two] = [1, 2].map((index): ShardRun => {
  const shard = { index, count: 2, selected: 2 };
  return {
    from: `s${index}`,
    run: sampleRun(1, { [`case-${index}`]: 'passed' }, { id: `mw0000000${index}`, shard }),
  };
}) as [ShardRun, ShardRun];

const but = ({ from, run }: ShardRun, more: Partial<Run>): ShardRun => ({ from, run: { ...run, ...more } });

test('a run that is dealt to shards is whole again when they are merged, in whatever order', () => {
  const whole = anyRun.filter(({ cases }) => cases.length > 0);
  fc.assert(
    fc.property(
      whole,
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.nat(3)),
      fc.boolean(),
      (run, count, deal, turned) => {
        const shares = run.cases.map(() => ((deal.next().value as number) % count) + 1);
        const parts = Array.from({ length: count }, (_, at): ShardRun => {
          const cases = run.cases.filter((_one, which) => shares[which] === at + 1);
          const { sums } = sampleRun(0, cases);
          const shard = { index: at + 1, count, selected: run.cases.length };
          return { from: `s${at + 1}`, run: { ...run, shard, sums, cases } };
        });
        const merged = mergeShards(turned ? parts.toReversed() : parts);
        expect(merged).toEqual({ ...run, shards: count });
        expect(complaints(merged)).toEqual([]);
      },
    ),
  );
});

test('the run begins with the first shard and ends with the last; what went wrong beside the cases is told once', () => {
  const error = { message: 'nobody awaited it' };
  const merged = mergeShards([
    but(two, { startedAt: '2026-11-02T02:00:07.000Z', endedAt: '2026-11-02T02:00:09.000Z', errors: [error] }),
    but(one, { firstCaseAt: '2026-11-02T02:00:01.500Z', errors: [error, { message: 'a', file: 'b' }] }),
  ]);
  expect(merged).toMatchObject({
    id: 'mw00000001',
    startedAt: '2026-11-02T02:00:00.000Z',
    firstCaseAt: '2026-11-02T02:00:01.500Z',
    endedAt: '2026-11-02T02:00:09.000Z',
    errors: [error, { message: 'a', file: 'b' }],
  });
});

test('known failures are added up, and an interrupted shard makes an interrupted run', () => {
  const failed = { selected: 1, passed: 0, failed: 1, skipped: 0, notRun: 0, known: 1 };
  const merged = mergeShards([but(one, { sums: failed }), but(two, { interrupted: 'SIGTERM' })]);
  expect(merged.sums).toEqual({ selected: 2, passed: 1, failed: 1, skipped: 0, notRun: 0, known: 1 });
  expect(merged.interrupted).toBe('SIGTERM');
});

test('what the shards took is added up; of memory the most that one of them had', () => {
  const costs: [Cost, Cost] = [
    { cpuMs: 900, memoryMb: 300, apiCalls: 60, files: [{ file: 'suites/b.test.ts', apiCalls: 50 }] },
    { cpuMs: 100, memoryMb: 200, apiCalls: 40, files: [{ file: 'suites/a.test.ts', apiCalls: 30 }] },
  ];
  const parts = [but(one, { cost: costs[0] }), but(two, { cost: costs[1] })];
  const files = [...costs[1].files, ...costs[0].files];
  expect(mergeShards(parts).cost).toEqual({ cpuMs: 1_000, memoryMb: 300, apiCalls: 100, files });
});

test.for<[string, ShardRun[], string]>([
  ['one is missing', [two], 's2: shard 1/2 is missing: its cases have no verdict'],
  [
    'several are missing',
    [but(one, { shard: { index: 2, count: 3, selected: 2 } })],
    'shard 1/3, 3/3 is missing',
  ],
  ['one is there twice', [one, two, { ...two, from: 'copy' }], 'shard 2/2 is there 2 times: s2, copy'],
  ['one is a whole run', [one, { from: 'whole', run: sampleRun(1, { a: 'passed' }) }], 'whole is no shard'],
  [
    'one is of three',
    [one, two, but(two, { shard: { index: 3, count: 3, selected: 2 } })],
    's1 is one of 2 shards',
  ],
  [
    'one has another selection',
    [one, but(two, { filters: ['b'] })],
    'their filters differ: [] in s1, ["b"] in s2',
  ],
  [
    'one has another target',
    [one, but(two, { target: { ...two.run.target, versions: versions('1.30.2') } })],
    'their targets differ: ',
  ],
  [
    'one went another way',
    [one, but(two, { reach: { way: 'nodeport', why: 'so' } })],
    'asked in several ways: loadbalancer, nodeport',
  ],
  [
    'one is of the night before',
    [one, but(two, { startedAt: '2026-11-03T02:00:00.000Z', endedAt: '2026-11-03T02:01:00.000Z' })],
    '24 hours lie between two of them',
  ],
  ['they have a case in common', [one, but(two, { cases: one.run.cases })], 'have the case area/file/case-1'],
  [
    'they have a case too many',
    [one, but(two, { cases: ['x', 'y'].map((id) => sampleCase(id, 'passed')) })],
    'they have 3 cases, and were to have 2',
  ],
])('it is refused when %s', ([, parts, sentence]) => {
  expect(() => mergeShards(parts)).toThrow(sentence);
});
