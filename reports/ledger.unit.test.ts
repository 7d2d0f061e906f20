import { expect, test } from 'vitest';
import type { CatalogueCase } from './catalogue.ts';
import { type Heading, Ledger, succeeded } from './ledger.ts';
import type { CaseResult } from './run.ts';

const heading: Heading = {
  id: '0123456789',
  filters: [],
  startedAt: new Date(0),
  readyAt: new Date(1),
  target: {
    kind: 'managed',
    context: 'x',
    gatewayClass: 'istio',
    imageSource: 'source',
    versions: {
      kubernetes: 'v1.36.3',
      gatewayApi: { version: 'v1.6.3', channel: 'experimental' },
      implementation: '',
    },
    features: { supported: ['Gateway', 'HTTPRoute'], source: '--features', untestable: [] },
    implementation: {},
  },
};
const known = (id: string): CatalogueCase => ({ id, title: id, file: 'suites/x.test.ts', features: [] });
const result = (id: string, verdict: CaseResult['verdict']): CaseResult => ({
  ...known(id),
  verdict,
  ...(verdict === 'passed' ? {} : { reason: 'so' }),
  durationMs: 5,
  milestones: { created: 1 },
  attempts: 2,
});
const verdicts = (ledger: Ledger): object =>
  Object.fromEntries(ledger.run(heading).cases.map(({ id, verdict, reason }) => [id, [verdict, reason]]));

test('a case counts once, with its first result', () => {
  const ledger = new Ledger();
  ledger.select(known('b'));
  ledger.select(known('b'));
  expect(ledger.record(result('b', 'failed'))).toMatchObject({ verdict: 'failed' });
  expect(ledger.record(result('b', 'passed'))).toBeUndefined();
  ledger.record(result('a', 'skipped'));
  const run = ledger.run(heading);
  expect(run.cases.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['a', 'skipped'],
    ['b', 'failed'],
  ]);
  expect(run.sums).toEqual({ selected: 2, passed: 0, failed: 1, skipped: 1, notRun: 0 });
});

test('after an interrupt a case can pass, but not fail', () => {
  const ledger = new Ledger();
  for (const id of ['a', 'b', 'c', 'd', 'e']) ledger.select(known(id));
  ledger.began('a');
  ledger.record(result('a', 'failed'));
  ledger.began('d');
  ledger.interrupt('SIGTERM');
  ledger.interrupt('SIGINT');
  ledger.began('e');
  ledger.record(result('b', 'failed'));
  ledger.record(result('c', 'passed'));
  expect(verdicts(ledger)).toEqual({
    a: ['failed', 'so'],
    b: ['not-run', 'interrupted by SIGTERM while it ran'],
    c: ['passed', undefined],
    d: ['not-run', 'interrupted by SIGTERM while it ran'],
    e: ['not-run', 'interrupted by SIGTERM before it ran'],
  });
});

test('a case without a result was not run, for the first reason that was given', () => {
  const ledger = new Ledger();
  for (const id of ['a', 'b', 'c']) ledger.select(known(id));
  ledger.explain('a', 'its file did not load: x');
  ledger.explain('a', 'something else');
  ledger.began('b');
  expect(verdicts(ledger)).toEqual({
    a: ['not-run', 'its file did not load: x'],
    b: ['not-run', 'it began and left no result: its worker ended'],
    c: ['not-run', 'it never began'],
  });
});

test('one error is told once', () => {
  const ledger = new Ledger();
  ledger.error({ message: 'x', file: 'a' });
  ledger.error({ message: 'x', file: 'a' });
  ledger.error({ message: 'x' });
  expect(ledger.run(heading).errors).toEqual([{ message: 'x', file: 'a' }, { message: 'x' }]);
});

test.for<[string, (ledger: Ledger) => void, boolean]>([
  ['all passed', (ledger) => ledger.record(result('a', 'passed')), true],
  ['all were skipped', (ledger) => ledger.record(result('a', 'skipped')), true],
  ['nothing was selected', () => {}, false],
  ['one failed', (ledger) => ledger.record(result('a', 'failed')), false],
  ['one was not run', (ledger) => ledger.select(known('a')), false],
  [
    'an error happened beside the cases',
    (ledger) => {
      ledger.record(result('a', 'passed'));
      ledger.error({ message: 'x' });
    },
    false,
  ],
  [
    'it was interrupted after the last case',
    (ledger) => {
      ledger.record(result('a', 'passed'));
      ledger.interrupt('SIGINT');
    },
    false,
  ],
])('whether a run succeeded in which %s', ([, fill, success]) => {
  const ledger = new Ledger();
  fill(ledger);
  expect(succeeded(ledger.run(heading))).toBe(success);
});

test("what suite files sent to the API server is the run's, once, however often it was told", () => {
  const ledger = new Ledger();
  ledger.called('suites/b.test.ts', 3);
  ledger.called('suites/a.test.ts', 20);
  ledger.called('suites/b.test.ts', 30);
  const { cost } = ledger.run({ ...heading, cost: { cpuMs: 900, memoryMb: 200, apiCalls: 7 } });
  expect(cost).toEqual({
    cpuMs: 900,
    memoryMb: 200,
    apiCalls: 57,
    files: [
      { file: 'suites/a.test.ts', apiCalls: 20 },
      { file: 'suites/b.test.ts', apiCalls: 30 },
    ],
  });
});
