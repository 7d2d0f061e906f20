import * as fc from 'fast-check';
import type { CaseResult, Run, Verdict } from '../run.ts';

/** A case for unit tests, valid as run.schema.json says. */
export function sampleCase(id: string, verdict: Verdict, more: Partial<CaseResult> = {}): CaseResult {
  return {
    id: `area/file/${id}`,
    title: id,
    file: 'suites/area/file.test.ts',
    dialect: 'gateway-api',
    features: ['Gateway'],
    verdict,
    ...(verdict === 'passed' ? {} : { reason: 'so' }),
    ...(verdict === 'failed'
      ? { expected: '200', got: '404', cause: 'no route', evidence: [], repro: 'curl http://10.0.0.1/' }
      : {}),
    durationMs: 1_000,
    milestones: {},
    attempts: 1,
    ...more,
  };
}

/**
 * A run for unit tests, valid as run.schema.json says.
 * @param at its place in time: the greater, the later
 * @param cases or verdicts by the ends of ids
 */
export function sampleRun(
  at: number,
  cases: CaseResult[] | Record<string, Verdict>,
  more: Partial<Omit<Run, 'target'>> & { target?: Partial<Run['target']> } = {},
): Run {
  const all = Array.isArray(cases)
    ? cases
    : Object.entries(cases).map(([id, verdict]) => sampleCase(id, verdict));
  const count = (verdict: Verdict) => all.filter((one) => one.verdict === verdict).length;
  const time = (second: number) => new Date(Date.UTC(2026, 10, 1 + at, 2, 0, second)).toISOString();
  const { target, ...others } = more;
  return {
    format: 1,
    id: `mw${String(at).padStart(8, '0')}`,
    startedAt: time(0),
    readyAt: time(1),
    endedAt: time(2),
    filters: [],
    reach: { way: 'loadbalancer', why: 'it answers' },
    sums: {
      selected: all.length,
      passed: count('passed'),
      failed: count('failed'),
      skipped: count('skipped'),
      notRun: count('not-run'),
    },
    cases: all.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    errors: [],
    ...others,
    target: {
      kind: 'managed',
      context: 'kind-x',
      gatewayClass: 'istio',
      imageSource: 'source',
      versions: versions('1.31.0'),
      features: { supported: ['Gateway'], source: '--features', untestable: [] },
      implementation: {},
      ...target,
    },
  };
}

export const versions = (istio: string, gatewayApi = 'v1.6.3'): Run['target']['versions'] => ({
  kubernetes: 'v1.36.3',
  gatewayApi: { version: gatewayApi, channel: 'experimental' },
  implementation: `Istio ${istio}`,
});

const verdict = fc.constantFrom<Verdict>('passed', 'failed', 'skipped', 'not-run');

/** Any run of a few cases, among some dozen runs in time. */
export const anyRun: fc.Arbitrary<Run> = fc
  .record({
    at: fc.nat(12),
    cases: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), verdict),
    filters: fc.constantFrom<string[]>([], ['file/a'], ['file/b', 'file/c']),
    version: fc.constantFrom('1.30.2', '1.31.0'),
    reason: fc.string({ unit: 'binary', minLength: 1 }),
    took: fc.nat(60_000),
  })
  .map(({ at, cases, filters, version, reason, took }) =>
    sampleRun(
      at,
      Object.entries(cases).map(([id, each]) =>
        sampleCase(id, each, { durationMs: took, ...(each === 'passed' ? {} : { reason }) }),
      ),
      { filters, target: { versions: versions(version) } },
    ),
  );
