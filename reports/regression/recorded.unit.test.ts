import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { succeeded } from '../ledger.ts';
import type { Run } from '../run.ts';
import { compare } from './compare.ts';
import type { ComparedCase, Comparison, Kind } from './comparison.ts';
import { readHistory } from './history.ts';
import { knownFailures, markKnown, parseKnownFailures } from './known-failures.ts';
import { readPolicy } from './policy.ts';

// Runs of npm test on the managed cluster, as they were appended to the history: three small suites (two of the known
// failures' runs), eight good ones on a machine that was busy in turns, one with a path of a route changed, one whose
// gateway's pods began 20 seconds late, one ended by Ctrl-C; and two of a cluster that was named, before and after its
// experimental CRDs of v1.6.3 gave way to the standard channel of v1.5.1.
function recorded(name: string): Run[] {
  const { runs, lost } = readHistory(fileURLToPath(new URL(`../testdata/${name}.jsonl`, import.meta.url)));
  expect(lost).toEqual([]);
  return runs;
}
const good = recorded('good');
const last = good.at(-1) as Run;
const policy = readPolicy();
const at = new Date('2026-12-01');

const withHistory = (now: Run, history = good): Comparison =>
  compare(history.at(-1) as Run, now, { history, known: [], policy, failOn: 'regression', at });

const ofKind = ({ cases }: Comparison, kind: Kind): ComparedCase[] =>
  cases.filter((one) => one.kind === kind);
const idOf = ({ id }: { id: string }): string => id;

test('a good run among good ones has nothing to tell, whichever it is, however busy the machine was', () => {
  for (const now of good) {
    const others = good.filter((run) => run !== now);
    const { sums } = withHistory({ ...now, id: 'zzzzzzzzzz' }, others);
    expect(sums).toMatchObject({ unchanged: now.cases.length, slower: 0 });
  }
});

test('without the pace of the run a busy machine would be taken for slow gateways', () => {
  const paces = good.map((now) => {
    const others = good.filter((run) => run !== now);
    return withHistory({ ...now, id: 'zzzzzzzzzz' }, others).times.pace ?? 0;
  });
  expect(Math.max(...paces)).toBeGreaterThan(3);
});

test('a route whose path was changed is newly failing, with what was expected and what came', () => {
  const comparison = withHistory(recorded('broken-route')[0] as Run);
  const [broken, ...others] = ofKind(comparison, 'newly-failing');
  expect(others).toEqual([]);
  expect(broken).toMatchObject({
    id: 'gateway-api/httproute-exact-path-matching/get-exact-path-example-com-two-200-from-gateway-api-echo-v2',
    old: 'passed',
    now: 'failed',
    failure: {
      expected: 'GET exact-path.example.com/two → 200 from gateway-api/echo-v2',
      got: '404, and no backend saw the request',
    },
    health: { runs: 9, failed: 1, flips: 1 },
  });
  expect(comparison.sums.unchanged).toBe(29);
  expect(comparison.outcome.because).toEqual(['newly-failing: 1, and 0 are allowed']);
});

test('mended, it is fixed, and no more than that: one change to bad and one back is flaky only on purpose', () => {
  const [broken] = recorded('broken-route') as [Run];
  const mended = { ...last, id: 'zzzzzzzzzz' };
  const alone = compare(broken, mended, { history: [], known: [], policy, failOn: 'regression', at });
  expect(ofKind(alone, 'fixed')).toHaveLength(1);
  // with good runs before it the same target has said yes, no and yes
  const among = compare(broken, mended, { history: good, known: [], policy, failOn: 'regression', at });
  expect(ofKind(among, 'flaky').map(({ because }) => because)).toEqual([
    '1 of the last 10 runs on this very target failed',
  ]);
});

test('a gateway that began late makes its cases slower, at the first right answer, and no others', () => {
  const comparison = withHistory(recorded('slow-gateway')[0] as Run);
  const slower = ofKind(comparison, 'slower');
  expect(slower).toHaveLength(10);
  expect(new Set(slower.map(({ file }) => file))).toEqual(
    new Set(['suites/gateway-api/httproute-listener-port-matching.test.ts']),
  );
  expect(new Set(slower.map((one) => one.slower?.what))).toEqual(new Set(['firstRight']));
  expect(comparison.outcome.because).toEqual(['slower: 10, and 0 are allowed']);
});

test('a run that was interrupted has cases that are no longer run, and says so', () => {
  const [now] = recorded('interrupted') as [Run];
  const comparison = withHistory(now);
  expect(comparison.sums).toMatchObject({ 'no-longer-run': now.sums.notRun, unchanged: now.sums.passed });
  expect(comparison.differences).toEqual(['the new run was interrupted by SIGINT']);
  expect(comparison.outcome.passed).toBe(false);
});

test('another selection is not compared but where both have the case', () => {
  const [other] = recorded('known-failures') as [Run];
  const comparison = withHistory(other);
  expect(comparison.judgedInBoth).toBe(0);
  expect(comparison.sums['not-comparable']).toBe(last.cases.length + other.cases.length);
  expect(comparison.outcome.because).toEqual(['no case was judged in both runs: nothing was compared']);
});

describe('CRDs of an older version and the standard channel', () => {
  const [newer, older] = recorded('channels') as [Run, Run];

  test('head the report, and what they have no room for is not compared', () => {
    const comparison = withHistory(older, [newer]);
    expect(comparison.versions).toContainEqual({
      of: 'Gateway API',
      old: 'v1.6.3 experimental',
      new: 'v1.5.1 standard',
    });
    const without = ofKind(comparison, 'not-comparable');
    expect(new Set(without.map(({ because }) => because))).toEqual(
      new Set([
        "the new run's CRDs have no room for HTTPRouteRetryConnectionError",
        "the new run's CRDs have no room for HTTPRouteRetryCodes",
      ]),
    );
    expect(without).toHaveLength(newer.sums.passed - older.sums.passed);
    expect(comparison.sums.unchanged).toBe(newer.cases.length - without.length);
    expect(comparison.outcome.passed).toBe(true);
  });

  test('the other way, what there is room for again has its first verdict', () => {
    const comparison = withHistory(newer, [older]);
    expect(ofKind(comparison, 'new').map(idOf)).toEqual(
      ofKind(withHistory(older, [newer]), 'not-comparable').map(idOf),
    );
    expect(comparison.outcome.passed).toBe(true);
  });
});

describe('the failures that Istio 1.31 is known for', () => {
  const [unlisted] = recorded('unlisted-failures') as [Run];
  const [listed] = recorded('known-failures') as [Run];
  const known = knownFailures();
  const comparing = (list: typeof known, day = at) =>
    compare(unlisted, listed, { history: [], known: list, policy, failOn: 'regression', at: day });

  test('failed the run before they were listed, and do not since', () => {
    expect(unlisted.sums).toEqual({ selected: 10, passed: 8, failed: 2, skipped: 0, notRun: 0 });
    expect(succeeded(unlisted)).toBe(false);
    expect(listed.sums).toEqual({ ...unlisted.sums, known: 2 });
    expect(succeeded(listed)).toBe(true);
  });

  test('are excused by the list of this repository', () => {
    expect(markKnown(unlisted, known).sums.known).toBe(2);
    expect(ofKind(comparing(known), 'known-failing').map(idOf)).toEqual(
      listed.cases.filter(({ verdict }) => verdict === 'failed').map(idOf),
    );
  });

  test('fail still without it, and from the day after its last on', () => {
    expect(comparing([]).sums['still-failing']).toBe(2);
    const late = comparing(known, new Date('2199-01-01'));
    expect(late.sums['still-failing']).toBe(2);
    expect(late.known.expired).toHaveLength(2);
    expect(late.outcome.because).toEqual(['known-expired: 2, and 0 are allowed']);
  });

  test('are told when they pass', () => {
    const passing = parseKnownFailures(
      `- cases: [${listed.cases[0]?.id}]
  implementation: Istio
  versions: 1.31.x
  reason: x
  link: https://acme.example/1
  expires: 2027-03-31
`,
      'x.yaml',
    );
    expect(comparing(passing).outcome.because).toContain('known-passing: 1, and 0 are allowed');
  });
});
