import { describe, expect, test } from 'vitest';
import type { CatalogueCase } from '../catalogue.ts';
import type { OfficialCase } from '../conformance/official.ts';
import type { CaseResult, Run, Verdict } from '../run.ts';
import { compare, selectOfficial } from './comparison.ts';
import type { OfficialVerdict } from './output.ts';
import { comparisonPage, differenceLines, leftLines, ratioLines, tableLines } from './page.ts';

const official: OfficialCase[] = [
  { name: 'HTTPRouteWeight', features: ['Gateway', 'HTTPRoute'] },
  { name: 'HTTPRouteCORS', features: ['Gateway', 'HTTPRoute', 'HTTPRouteCORS'] },
  { name: 'HTTPRouteTimeoutRequest', features: ['Gateway', 'HTTPRoute'] },
  { name: 'GatewayModifyListeners', features: ['Gateway'] },
];

const mirror = (name: string, at = 0): CatalogueCase => ({
  id: `gateway-api/${name.toLowerCase()}/${at}`,
  title: `${at}`,
  file: 'suites/gateway-api/x.test.ts',
  official: name,
  features: [],
});

const catalogue = ['HTTPRouteWeight', 'HTTPRouteCORS', 'GatewayModifyListeners'].map((name) => mirror(name));
const features = { supported: ['Gateway', 'HTTPRoute'], source: '', untestable: [] };

describe('what is compared', () => {
  test('cases that are mirrored and whose features the implementation has; the others are named', () => {
    const selection = selectOfficial(official, catalogue, features, []);
    expect(selection.compared).toEqual(['GatewayModifyListeners', 'HTTPRouteWeight']);
    expect(leftLines(selection)).toEqual([
      'not compared, the implementation has not its features: 1 (HTTPRouteCORS)',
      'not compared, not mirrored here: 1 (HTTPRouteTimeoutRequest)',
    ]);
  });

  test('a part of a name chooses, in upper or lower case; of the others nothing is said', () => {
    const selection = selectOfficial(official, catalogue, features, ['weight']);
    expect(selection.compared).toEqual(['HTTPRouteWeight']);
    expect(leftLines(selection)).toEqual([]);
  });

  test('what the CRDs have no room for is left out', () => {
    const cors = {
      supported: ['Gateway', 'HTTPRoute', 'HTTPRouteCORS'],
      source: '',
      untestable: ['HTTPRouteCORS'],
    };
    expect(leftLines(selectOfficial(official, catalogue, cors, ['cors']))).toEqual([
      'not compared, the CRDs have no room for its features: 1 (HTTPRouteCORS)',
    ]);
  });
});

const result = (name: string, at: number, verdict: Verdict, more: Partial<CaseResult> = {}): CaseResult => ({
  ...mirror(name, at),
  verdict,
  durationMs: 1_500,
  milestones: {},
  attempts: 3,
  ...more,
});

const runOf = (...cases: CaseResult[]): Run => ({
  format: 1,
  id: '0123456789',
  startedAt: '2026-11-24T02:00:00.000Z',
  readyAt: '2026-11-24T02:00:01.000Z',
  endedAt: '2026-11-24T02:00:11.750Z',
  filters: [],
  target: {
    kind: 'managed',
    context: 'x',
    gatewayClass: 'istio',
    imageSource: 'source',
    versions: {
      kubernetes: 'v1.36.3',
      gatewayApi: { version: 'v1.6.3', channel: 'experimental' },
      implementation: 'Istio',
    },
    features,
    implementation: {},
  },
  sums: { selected: cases.length, passed: 0, failed: 0, skipped: 0, notRun: 0 },
  cases,
  errors: [],
});

const compared = (theirs: OfficialVerdict[], ...ours: CaseResult[]) =>
  compare(
    ['HTTPRouteWeight'],
    { verdicts: theirs, seconds: 100, busy: 90 },
    { run: runOf(...ours), seconds: 25, busy: 48 },
  );

const weight = (verdict: OfficialVerdict['verdict'], reason?: string): OfficialVerdict => ({
  name: 'HTTPRouteWeight',
  verdict,
  seconds: 3.2,
  ...(reason && { reason }),
});

describe('side by side', () => {
  test('all that mirror it passed: the same verdict, the slowest case and the latest milestones', () => {
    const comparison = compared(
      [weight('passed')],
      result('HTTPRouteWeight', 1, 'passed', { milestones: { programmed: 900, firstRight: 1_900 } }),
      result('HTTPRouteWeight', 2, 'passed', { durationMs: 4_100, milestones: { firstRight: 2_600 } }),
    );
    expect(comparison.cases).toEqual([
      {
        name: 'HTTPRouteWeight',
        official: { verdict: 'passed', seconds: 3.2 },
        ours: {
          verdict: 'passed',
          cases: 2,
          passed: 2,
          seconds: 4.1,
          milestones: { programmed: 900, firstRight: 2_600 },
        },
        agrees: true,
      },
    ]);
    expect(differenceLines(comparison)).toEqual(['1 of 1 verdicts agree']);
    expect(tableLines(comparison)).toEqual([
      'official case    official  s    ours    cases  s    programmed  first right  steady',
      'HTTPRouteWeight  passed    3.2  passed  2      4.1  0.9         2.6',
    ]);
  });

  test('ours is stricter: the difference has a mark and the cause', () => {
    const comparison = compared(
      [weight('passed')],
      result('HTTPRouteWeight', 1, 'passed'),
      result('HTTPRouteWeight', 2, 'failed', { cause: 'the shares are wrong' }),
    );
    expect(tableLines(comparison)[1]).toMatch(/passed +3\.2 +failed +1 of 2 .*≠$/);
    expect(differenceLines(comparison)).toEqual([
      '0 of 1 verdicts agree',
      '≠ HTTPRouteWeight: official passed; ours failed (gateway-api/httprouteweight/2: the shares are wrong)',
    ]);
  });

  test('the official one failed and ours passed: the difference has its reason', () => {
    const comparison = compared(
      [weight('failed', 'got 404\nand more')],
      result('HTTPRouteWeight', 1, 'passed'),
    );
    expect(differenceLines(comparison)[1]).toBe('≠ HTTPRouteWeight: official failed (got 404); ours passed');
  });

  test('both skipped is agreement, for two reasons that may differ', () => {
    const comparison = compared(
      [weight('skipped', 'no usable address')],
      result('HTTPRouteWeight', 1, 'skipped', { reason: 'no address to ask for' }),
    );
    expect(comparison.cases[0]?.agrees).toBe(true);
  });

  test.each([
    { why: 'the official suite did not get to it', theirs: [], ours: 'skipped' as const },
    { why: 'ours was not run', theirs: [weight('skipped')], ours: 'not-run' as const },
  ])('what one of them did not judge agrees with nothing: $why', ({ theirs, ours }) => {
    const comparison = compared(theirs, result('HTTPRouteWeight', 1, ours, { reason: 'interrupted' }));
    expect(comparison.cases[0]?.agrees).toBe(false);
  });

  test('an official case that nothing here has run agrees with nothing', () => {
    expect(compared([weight('passed')]).cases[0]).toMatchObject({
      agrees: false,
      ours: { cases: 0, passed: 0 },
    });
  });
});

const ratio = (theirs: number, ours: number) =>
  ratioLines(
    compare([], { verdicts: [], seconds: theirs, busy: 90 }, { run: runOf(), seconds: ours, busy: 48 }),
  );

test('the ratio keeps the promise from exactly four times on', () => {
  const busy = 'processors busy for 90.0 s by the official suite, 48.0 s by ours';
  expect(ratio(100, 25)).toEqual([
    busy,
    'official suite 100.0 s, ours 25.0 s: 4.00 times as fast, at least the 4 promised',
  ]);
  expect(ratio(99, 25)).toEqual([
    busy,
    'official suite 99.0 s, ours 25.0 s: 3.96 times as fast, less than the 4 promised',
  ]);
});

test('the page holds times, differences, what was left out, and a row for each case', () => {
  const page = comparisonPage(
    compared([weight('failed', 'a | b')], result('HTTPRouteWeight', 1, 'passed')),
    selectOfficial(official, catalogue, features, []),
    { at: '2026-11-24T02:00:00.000Z', machine: '2 × CPU', target: 'Istio', official: 'v1.6.3' },
  );
  expect(page).toContain('on 2026-11-24T02:00:00.000Z: 2 × CPU; Istio; official suite v1.6.3.');
  expect(page).toContain('- official suite 100.0 s, ours 25.0 s: 4.00 times as fast');
  expect(page).toContain('- ≠ HTTPRouteWeight: official failed (a | b); ours passed');
  expect(page).toContain('- not compared, not mirrored here: 1 (HTTPRouteTimeoutRequest)');
  expect(page).toContain('| HTTPRouteWeight | failed | 3.2 | passed | 1 | 1.5 |  |  |  | ≠ |');
});
