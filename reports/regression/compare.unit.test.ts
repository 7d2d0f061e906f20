import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaseResult, Run, Verdict } from '../run.ts';
import { compare, type Grounds } from './compare.ts';
import { type Comparison, type Kind, kinds } from './comparison.ts';
import { parseKnownFailures } from './known-failures.ts';
import type { Policy } from './policy.ts';
import { anyRun, sampleCase, sampleRun, versions } from './sample-runs.ts';

const policy: Policy = {
  runs: 20,
  slower: { deviations: 5, floorMs: 500, runs: 5, pace: 2 },
  thresholds: { 'newly-failing': 0 },
};
const known = parseKnownFailures(
  `- cases: [area/file/k]
  implementation: Istio
  versions: 1.31.x
  reason: it answers 404
  link: https://acme.example/1
  expires: 2027-03-31
`,
  'x.yaml',
);
const at = new Date('2026-12-01');

const comparing = (old: Run, now: Run, grounds: Partial<Grounds> = {}): Comparison =>
  compare(old, now, { history: [], known: [], policy, failOn: 'regression', at, ...grounds });

/** What a run has where the case has the verdict, if it has any. */
const only = (verdict: Verdict | undefined): Record<string, Verdict> => (verdict ? { a: verdict } : {});

const judged = (run: Run): Run => ({
  ...run,
  cases: run.cases.filter(({ verdict }) => verdict === 'passed' || verdict === 'failed'),
});

const runsOf = (letters: string, more: Parameters<typeof sampleRun>[2] = {}) =>
  [...letters].map((letter, day) =>
    sampleRun(day, { a: ({ p: 'passed', f: 'failed', s: 'skipped' } as const)[letter] ?? 'not-run' }, more),
  );

const lastTwoOf = (runs: Run[]) => comparing(runs.at(-2) as Run, runs.at(-1) as Run, { history: runs });

const timed = (
  day: number,
  took: number,
  more: Partial<CaseResult> = {},
  run: Parameters<typeof sampleRun>[2] = {},
) => sampleRun(day, [sampleCase('a', 'passed', { durationMs: took, ...more })], run);

const busy = (day: number, took: number, other: number) =>
  sampleRun(day, [
    sampleCase('a', 'passed', { durationMs: took }),
    ...['x', 'y', 'z'].map((id) =>
      sampleCase(id, 'passed', { durationMs: other, file: 'suites/other.test.ts' }),
    ),
  ]);

const reached = (accepted: number, programmed: number) => ({ milestones: { programmed, accepted } });

const kindOf = ({ cases }: Comparison, id = 'a'): Kind | undefined =>
  cases.find((one) => one.id === `area/file/${id}`)?.kind;

describe('a case whose verdicts are', () => {
  test.for<[Verdict | undefined, Verdict | undefined, Kind]>([
    ['passed', 'passed', 'unchanged'],
    ['passed', 'failed', 'newly-failing'],
    ['passed', 'skipped', 'newly-skipped'],
    ['passed', 'not-run', 'no-longer-run'],
    ['passed', undefined, 'no-longer-run'],
    ['failed', 'passed', 'fixed'],
    ['failed', 'failed', 'still-failing'],
    ['failed', 'skipped', 'newly-skipped'],
    ['failed', 'not-run', 'no-longer-run'],
    ['failed', undefined, 'no-longer-run'],
    ['skipped', 'passed', 'new'],
    ['skipped', 'failed', 'newly-failing'],
    ['skipped', 'skipped', 'unchanged'],
    ['skipped', 'not-run', 'no-longer-run'],
    ['skipped', undefined, 'no-longer-run'],
    ['not-run', 'passed', 'new'],
    ['not-run', 'failed', 'newly-failing'],
    ['not-run', 'skipped', 'new'],
    ['not-run', 'not-run', 'not-comparable'],
    ['not-run', undefined, 'no-longer-run'],
    [undefined, 'passed', 'new'],
    [undefined, 'failed', 'new'],
    [undefined, 'skipped', 'new'],
    [undefined, 'not-run', 'new'],
  ])('%s → %s is %s', ([was, is, kind]) => {
    const comparison = comparing(sampleRun(1, only(was)), sampleRun(2, only(is)));
    expect(kindOf(comparison)).toBe(kind);
  });
});

describe('the sums', () => {
  test('hold: every case of either run is in the comparison once, and is of one kind', () => {
    const grounds = {
      history: fc.array(anyRun, { maxLength: 8 }),
      failOn: fc.constantFrom('regression', 'any', 'never'),
    };
    fc.assert(
      fc.property(anyRun, anyRun, fc.record(grounds), (old, now, { history, failOn }) => {
        const { cases, sums, judgedInBoth } = comparing(old, now, {
          history,
          failOn: failOn as Grounds['failOn'],
          known,
        });
        const ids = new Set([...old.cases, ...now.cases].map(({ id }) => id));
        expect(cases.map(({ id }) => id)).toEqual([...ids].toSorted());
        expect(Object.values(sums).reduce((a, b) => a + b)).toBe(ids.size);
        for (const kind of kinds) expect(sums[kind]).toBe(cases.filter((one) => one.kind === kind).length);
        expect(judgedInBoth).toBeLessThanOrEqual(Math.min(old.cases.length, now.cases.length));
      }),
    );
  });

  test('no failure is lost: whatever fails in the new run is told as something that people read', () => {
    fc.assert(
      fc.property(anyRun, anyRun, fc.array(anyRun, { maxLength: 8 }), (old, now, history) => {
        const failing = comparing(old, now, { history }).cases.filter(
          ({ now: verdict }) => verdict === 'failed',
        );
        expect(failing.map(({ id }) => id)).toEqual(
          now.cases.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id),
        );
        for (const { kind, failure } of failing) {
          expect(['unchanged', 'fixed', 'slower', 'newly-skipped', 'no-longer-run']).not.toContain(kind);
          expect(failure).toBeDefined();
        }
      }),
    );
  });

  test('a run beside itself has nothing new, fixed, slower or gone', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const { sums } = comparing(run, run);
        const { unchanged, 'still-failing': failing, 'not-comparable': neither } = sums;
        expect(unchanged + failing + neither).toBe(run.cases.length);
      }),
    );
  });

  test('what is newly failing one way is fixed the other way', () => {
    fc.assert(
      fc.property(anyRun, anyRun, (old, now) => {
        fc.pre(old.id !== now.id);
        const [a, b] = [judged(old), judged(now)];
        expect(comparing(a, b).sums['newly-failing']).toBe(comparing(b, a).sums.fixed);
      }),
    );
  });

  test('the order of the history, and the two runs in it, change nothing', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyRun, { selector: ({ id }) => id, minLength: 2, maxLength: 8 }),
        (runs) => {
          const [old, now] = runs as [Run, Run];
          const once = comparing(old, now, { history: runs });
          expect(comparing(old, now, { history: runs.toReversed() })).toEqual(once);
          expect(comparing(old, now, { history: runs.slice(2) })).toEqual(once);
        },
      ),
    );
  });
});

describe('flaky is a case that changed its verdict twice on the very same target', () => {
  test.for<[string, Kind]>([
    ['pf', 'newly-failing'],
    ['pppf', 'newly-failing'],
    ['pfp', 'flaky'],
    ['pfpf', 'flaky'],
    ['fffp', 'fixed'],
    ['ppff', 'still-failing'],
    ['pfpp', 'flaky'],
    ['pfsp', 'flaky'],
    ['psnf', 'newly-failing'],
  ])('%s: %s', ([letters, kind]) => {
    expect(kindOf(lastTwoOf(runsOf(letters)))).toBe(kind);
  });

  test('it says how many runs failed', () => {
    expect(lastTwoOf(runsOf('ppfp')).cases[0]?.because).toBe(
      '1 of the last 4 runs on this very target failed',
    );
  });

  test('only so many runs back', () => {
    expect(kindOf(lastTwoOf(runsOf(`pfp${'p'.repeat(19)}`)))).toBe('unchanged');
  });

  test.for<[string, Parameters<typeof sampleRun>[2]]>([
    ['in another version', { target: { versions: versions('1.30.2') } }],
    ['on another cluster', { target: { context: 'kind-y' } }],
    ['by another way', { reach: { way: 'nodeport', why: 'so' } }],
  ])('verdicts %s do not count', ([, more]) => {
    const others = runsOf('pfpf', more);
    const own = [sampleRun(8, { a: 'passed' }), sampleRun(9, { a: 'failed' })] as const;
    expect(kindOf(comparing(...own, { history: others }))).toBe('newly-failing');
  });
});

describe('slower', () => {
  const usual = [1_000, 1_100, 1_050, 980, 1_020].map((took, day) => timed(day, took));
  const old = usual.at(-1) as Run;

  test('is a time that the history does not explain', () => {
    const { cases, times } = comparing(old, timed(9, 1_521), { history: usual });
    expect(cases[0]).toMatchObject({
      kind: 'slower',
      slower: { what: 'durationMs', took: 1_521, median: 1_020, limit: 1_520, runs: 5 },
    });
    expect(times).toEqual({ runs: 5, pace: 1_521 / 1_020 });
    expect(kindOf(comparing(old, timed(9, 1_520), { history: usual }))).toBe('unchanged');
  });

  test('is not said of what is as slow as all the others: a busy machine is one finding', () => {
    const history = [0, 1, 2, 3, 4].map((day) => busy(day, 4_000, 1_000));
    const last = history.at(-1) as Run;
    const twice = comparing(last, busy(9, 8_000, 2_000), { history });
    expect(twice.sums.slower).toBe(0);
    expect(twice.times.pace).toBe(2);
    expect(twice.outcome.passed).toBe(true);
    // beyond the limit of 4500 at that pace
    expect(kindOf(comparing(last, busy(9, 9_001, 2_000), { history }))).toBe('slower');
    // a run that is faster does not make the limit lower
    expect(kindOf(comparing(last, busy(9, 4_400, 500), { history }))).toBe('unchanged');
    expect(comparing(last, busy(9, 8_400, 2_100), { history }).outcome.because).toEqual([
      'cases took 2.10 times as long as usual, and 2 times are allowed',
    ]);
  });

  test('is told of the first milestone that it is true of', () => {
    const history = usual.map((_, day) => timed(day, 9_000, reached(100, 900)));
    const now = timed(9, 9_900, reached(800, 1_700));
    expect(comparing(history.at(-1) as Run, now, { history }).cases[0]).toMatchObject({
      kind: 'slower',
      slower: { what: 'accepted', took: 800, median: 100 },
    });
  });

  test('is measured by runs up to the old one: those that came between are as good as the new one', () => {
    const between = [5, 6, 7, 8, 9, 10].map((day) => timed(day, 60_000));
    expect(kindOf(comparing(old, timed(20, 60_000), { history: [...usual, ...between] }))).toBe('slower');
  });

  test("is measured by the old run's own versions, where there are enough of them", () => {
    const run = { target: { versions: versions('1.30.2') } };
    const others = [0, 1, 2, 3, 4].map((day) => timed(day, 60_000, {}, run));
    const own = [5, 6, 7, 8, 9].map((day) => timed(day, 1_000));
    const last = own.at(-1) as Run;
    const history = [...others, ...own];
    expect(kindOf(comparing(last, timed(10, 2_000), { history }))).toBe('slower');
  });

  test('needs enough earlier runs, and says when they are too few', () => {
    const few = usual.slice(0, 4);
    const { sums, times } = comparing(few.at(-1) as Run, timed(9, 60_000), { history: few });
    expect(sums.slower).toBe(0);
    expect(times.because).toBe('4 of the 5 earlier runs that it takes');
  });

  test('is not made of times of cases that failed', () => {
    const failed = [1, 2, 3].map((day) => sampleRun(day, { a: 'failed' }));
    const passed = [4, 5, 6].map((day) => timed(day, 1_000));
    const now = timed(9, 60_000);
    expect(kindOf(comparing(passed[2] as Run, now, { history: [...failed, ...passed] }))).toBe('unchanged');
  });

  test("other versions count where the old run's has too few runs of its own", () => {
    const before = usual.map((run) => ({ ...run, target: { ...run.target, versions: versions('1.30.2') } }));
    const first = timed(6, 1_000);
    expect(kindOf(comparing(first, timed(9, 60_000), { history: before }))).toBe('slower');
  });

  test.for<[string, Parameters<typeof sampleRun>[2], string]>([
    ['another selection', { filters: ['file/a'] }, 'another selection: all cases → file/a'],
    ['another number of shards', { shards: 2 }, 'another number of shards: 1 → 2'],
    [
      'another cluster',
      { target: { context: 'kind-y' } },
      'another cluster: kind-x (managed) → kind-y (managed)',
    ],
    [
      'another way',
      { reach: { way: 'nodeport', why: 'so' } },
      'another way to the gateways: loadbalancer → nodeport',
    ],
    [
      'images from elsewhere',
      { target: { imageSource: 'registry' } },
      'images from elsewhere: source → registry',
    ],
  ])('is not said beside %s', ([, more, difference]) => {
    const comparison = comparing(old, timed(9, 60_000, {}, more), { history: usual });
    expect(kindOf(comparison)).toBe('unchanged');
    expect(comparison.differences).toEqual([difference, 'times are not compared']);
    expect(comparison.times).toEqual({ runs: 0, because: difference });
  });
});

describe('of different targets only what is comparable is compared', () => {
  const old = sampleRun(1, { a: 'passed', b: 'passed' });

  test('the versions head it', () => {
    const now = sampleRun(2, { a: 'passed' }, { target: { versions: versions('1.32.0', 'v1.7.0') } });
    expect(comparing(old, now).versions).toEqual([
      { of: 'Istio', old: '1.31.0', new: '1.32.0' },
      { of: 'Gateway API', old: 'v1.6.3 experimental', new: 'v1.7.0 experimental' },
      { of: 'Kubernetes', old: 'v1.36.3', new: 'v1.36.3' },
    ]);
    expect(comparing(old, now).differences).toEqual([]);
  });

  test('another implementation is said, and what it does not have is not newly skipped', () => {
    const other = { ...versions(''), implementation: 'Acme 2.0' };
    const comparison = comparing(
      old,
      sampleRun(2, { a: 'passed', b: 'skipped' }, { target: { versions: other } }),
    );
    expect(comparison.versions[0]).toEqual({ of: 'Implementation', old: 'Istio 1.31.0', new: 'Acme 2.0' });
    expect(comparison.differences).toContain('another implementation: Istio → Acme');
    expect(kindOf(comparison, 'b')).toBe('not-comparable');
  });

  test('what older CRDs have no room for is not newly skipped', () => {
    const older = {
      versions: { ...versions('1.31.0'), gatewayApi: { version: 'v1.6.3', channel: 'standard' as const } },
      features: { supported: ['Gateway'], source: '--features', untestable: ['Gateway'] },
    };
    const comparison = comparing(old, sampleRun(2, { a: 'skipped' }, { target: older }));
    expect(comparison.cases[0]).toMatchObject({
      kind: 'not-comparable',
      because: "the new run's CRDs have no room for Gateway",
    });
  });

  test('what CRDs of the same version have no room for is newly skipped', () => {
    const less = { features: { supported: ['Gateway'], source: '--features', untestable: ['Gateway'] } };
    expect(kindOf(comparing(old, sampleRun(2, { a: 'skipped' }, { target: less })))).toBe('newly-skipped');
  });

  test('a feature that the same implementation has lost is newly skipped', () => {
    const now = sampleRun(2, { a: 'skipped' }, { target: { versions: versions('1.32.0') } });
    expect(kindOf(comparing(old, now))).toBe('newly-skipped');
  });

  test('cases that one of the runs did not select are not gone, nor new', () => {
    const filtered = sampleRun(2, { a: 'passed' }, { filters: ['file/a'] });
    expect(comparing(old, filtered).cases[1]).toMatchObject({
      kind: 'not-comparable',
      because: 'the new run did not select it',
    });
    expect(comparing(filtered, old).cases[1]).toMatchObject({
      kind: 'not-comparable',
      because: 'the old run did not select it',
    });
  });

  test('cases of a file that did not load are no longer run, for that reason', () => {
    const whole: CaseResult = {
      ...sampleCase('x', 'not-run'),
      id: 'area/file',
      reason: 'its file did not load: x',
    };
    delete whole.dialect;
    expect(comparing(old, sampleRun(2, [whole])).cases.map(({ kind, because }) => [kind, because])).toEqual([
      ['new', 'its file did not load: x'],
      ['no-longer-run', 'its file did not load: x'],
      ['no-longer-run', 'its file did not load: x'],
    ]);
  });
});

describe('known failures', () => {
  test.for<[Verdict, string, Kind]>([
    ['passed', '1.31.0', 'known-failing'],
    ['failed', '1.31.0', 'known-failing'],
    ['skipped', '1.31.0', 'known-failing'],
    // not on this version
    ['passed', '1.32.0', 'newly-failing'],
  ])('%s → failed on %s is %s', ([was, istio, kind]) => {
    const now = sampleRun(2, { k: 'failed' }, { target: { versions: versions(istio) } });
    expect(kindOf(comparing(sampleRun(1, { k: was }), now, { known }), 'k')).toBe(kind);
  });

  test('one that passes is reported', () => {
    const comparison = comparing(sampleRun(1, { k: 'failed' }), sampleRun(2, { k: 'passed' }), { known });
    expect(comparison.known.passing.map(({ id }) => id)).toEqual(['area/file/k']);
    expect(kindOf(comparison, 'k')).toBe('fixed');
  });

  test('one that has expired is reported, and fails as any other', () => {
    const runs = [sampleRun(1, { k: 'passed' }), sampleRun(2, { k: 'failed' })] as const;
    const comparison = comparing(...runs, { known, at: new Date('2027-04-01') });
    expect(comparison.known.expired.map(({ id }) => id)).toEqual(['area/file/k']);
    expect(kindOf(comparison, 'k')).toBe('newly-failing');
  });
});

describe('the outcome', () => {
  const good = sampleRun(1, { a: 'passed', b: 'passed' });
  const bad = sampleRun(2, { a: 'failed', b: 'passed' });

  test.for<[Grounds['failOn'], string[]]>([
    ['regression', ['newly-failing: 1, and 0 are allowed']],
    ['any', ['newly-failing: 1, and 0 are allowed']],
    ['never', []],
  ])('of a regression with --fail-on %s', ([failOn, because]) => {
    expect(comparing(good, bad, { failOn }).outcome).toEqual({
      failOn,
      passed: because.length === 0,
      because,
    });
  });

  test('is good as long as the thresholds allow it', () => {
    const lenient = { ...policy, thresholds: { 'newly-failing': 1 } };
    expect(comparing(good, bad, { policy: lenient }).outcome.passed).toBe(true);
  });

  test.for<[string, Run, Run, string]>([
    [
      'a case that fails still',
      bad,
      sampleRun(3, { a: 'failed', b: 'passed' }),
      'still-failing: 1, and 0 are allowed',
    ],
    [
      'a new case that fails',
      good,
      sampleRun(3, { a: 'passed', b: 'passed', c: 'failed' }),
      'failing, with nothing to compare with: 1',
    ],
    [
      'an error beside the cases',
      good,
      { ...good, errors: [{ message: 'x' }] },
      'errors outside of any case: 1',
    ],
    ['an interrupt', good, { ...good, interrupted: 'SIGINT' }, 'the new run was interrupted by SIGINT'],
  ])('with %s is bad only where any is to fail', ([, old, now, because]) => {
    expect(comparing(old, now).outcome.passed).toBe(true);
    expect(comparing(old, now, { failOn: 'any' }).outcome.because).toEqual([because]);
  });

  test('of runs that have no case in common is bad: nothing was compared', () => {
    const { outcome } = comparing(good, sampleRun(2, { c: 'passed' }), {
      policy: { ...policy, thresholds: {} },
    });
    expect(outcome.because).toEqual(['no case was judged in both runs: nothing was compared']);
  });
});
