import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { ConformanceReport } from './conformance/report.ts';
import type { CaseResult, Run } from './run.ts';
import {
  caseLine,
  conformanceLines,
  failureLines,
  knownLines,
  knownSumLines,
  sumLine,
  targetLines,
  timesLine,
} from './terminal.ts';

const bad = (id: string, cause: string): CaseResult => ({
  id,
  title: `title of ${id}`,
  file: `suites/${id}.test.ts`,
  features: [],
  verdict: 'failed',
  reason: '404 instead of 200',
  durationMs: 3_210,
  milestones: {},
  attempts: 9,
  expected: '200 from httpbin',
  got: '404\nserver: istio-envoy',
  cause,
  evidence: ['evidence/a/gateway.yaml', 'evidence/a/events.yaml'],
  repro: 'curl -I http://10.0.0.1/',
});
const other = (id: string, verdict: CaseResult['verdict'], reason: string): CaseResult => ({
  id,
  title: id,
  file: 'suites/x.test.ts',
  features: [],
  verdict,
  reason,
  durationMs: 0,
  milestones: {},
  attempts: 0,
});

const runOf = (cases: CaseResult[], more: Partial<Run> = {}): Run => ({
  format: 1,
  id: '0123456789',
  startedAt: '2026-11-24T02:00:00.000Z',
  readyAt: '2026-11-24T02:00:01.000Z',
  firstCaseAt: '2026-11-24T02:00:01.750Z',
  endedAt: '2026-11-24T02:00:11.750Z',
  filters: [],
  target: {
    kind: 'managed',
    context: 'kind-x',
    gatewayClass: 'istio',
    imageSource: 'source',
    versions: {
      kubernetes: 'v1.36.3',
      gatewayApi: { version: 'v1.6.3', channel: 'experimental' },
      implementation: 'Istio 1.31',
    },
    features: { supported: ['Gateway', 'HTTPRoute'], source: '--features', untestable: [] },
    implementation: {},
  },
  sums: { selected: cases.length, passed: 0, failed: cases.length, skipped: 0, notRun: 0 },
  cases,
  errors: [],
  ...more,
});

const plain = (lines: string[]): string => stripVTControlCharacters(lines.join('\n'));

describe('the end of a run', () => {
  test('says of each failure what was expected, what came, why, and how to see it', () => {
    expect(plain(failureLines(runOf([bad('a', 'no route'), bad('b', 'no pod')]), 'out'))).toBe(
      `
2 failed

✗ a
    expected  200 from httpbin
    got       404
              server: istio-envoy
    cause     no route
    evidence  out/evidence/a/ (2 files)
    repro     curl -I http://10.0.0.1/

✗ b
    expected  200 from httpbin
    got       404
              server: istio-envoy
    cause     no pod
    evidence  out/evidence/a/ (2 files)
    repro     curl -I http://10.0.0.1/`,
    );
  });

  test('says a cause that all failures share once, above them', () => {
    const cause = 'the Service has no load balancer';
    const text = plain(failureLines(runOf([bad('a', cause), bad('b', cause)]), 'out'));
    expect(text).toContain(`2 failed\nAll 2 have one likely cause: ${cause}\n`);
    expect(text.split(cause)).toHaveLength(2);
    expect(plain(failureLines(runOf([bad('a', cause)]), 'out'))).toContain(`    cause     ${cause}`);
  });

  const diagnosis = { id: 'no-pod', evidence: ['selector app=x', 'pods: none'], next: 'kubectl get pods' };

  test('says what a diagnosis rests on, and the next command', () => {
    const text = plain(failureLines(runOf([{ ...bad('a', 'no pod'), diagnosis }]), 'out'));
    expect(text).toContain(`
    cause     no pod
    seen      selector app=x
              pods: none
    next      kubectl get pods
    evidence  `);
  });

  test('says a shared diagnosis once', () => {
    const both = ['a', 'b'].map((id) => ({ ...bad(id, 'no pod'), diagnosis }));
    const text = plain(failureLines(runOf(both), 'out'));
    expect(text).toContain('likely cause: no pod\n    seen      selector app=x');
    expect(text.split('kubectl get pods')).toHaveLength(2);
  });

  test('tells what is known to fail apart, and of the list what does not hold any more', () => {
    const known = { reason: 'it answers 404', link: 'https://acme.example/1', expires: '2027-03-31' };
    const run = runOf([{ ...bad('a', 'no route'), known }, bad('b', 'no pod')], {
      sums: { selected: 2, passed: 0, failed: 2, skipped: 0, notRun: 0, known: 1 },
    });
    expect(plain(failureLines(run, 'out'))).toMatch(/^\n1 failed\n\n✗ b\n/);
    const entry = { ...known, cases: ['c', 'd'], implementation: 'Istio', versions: '*' };
    const outdated = { passing: [{ id: 'c', known: entry }], expired: [{ id: 'd', known: entry }] };
    expect(plain(knownLines(run, outdated))).toBe(
      `
1 failed as they are known to:
✗ a
    known     it answers 404, until 2027-03-31
    link      https://acme.example/1
    got       404
              server: istio-envoy

Known failures that pass now; take them out of reports/known-failures.yaml
  c, until 2027-03-31

Known failures that are not excused any more: their entries in reports/known-failures.yaml have expired
  d, until 2027-03-31`,
    );
    expect(knownSumLines(run)).toEqual(['1 known failure beside what follows']);
    expect(sumLine(run)).toBe('0 passed, 1 failed, 0 skipped');
    expect(knownLines(runOf([bad('b', 'x')]), { passing: [], expired: [] })).toEqual([]);
    expect(knownSumLines(runOf([bad('b', 'x')]))).toEqual([]);
  });

  test('counts the reasons for which cases were not run, and tells errors outside of cases', () => {
    const cases = [
      other('a', 'not-run', 'its set-up failed: no pods\nand more'),
      other('b', 'not-run', 'its set-up failed: no pods'),
      other('c', 'not-run', 'interrupted by SIGINT before it ran'),
    ];
    const run = runOf(cases, {
      sums: { selected: 3, passed: 0, failed: 0, skipped: 0, notRun: 3 },
      errors: [{ message: 'no pods\nat all', file: 'suites/x.test.ts' }, { message: 'stray' }],
      interrupted: 'SIGINT',
    });
    expect(plain(failureLines(run, 'out'))).toBe(
      `
Error in suites/x.test.ts
    no pods
    at all

Error outside of any case
    stray

3 of 3 selected cases were not run:
  2: its set-up failed: no pods
  1: interrupted by SIGINT before it ran

The run was interrupted by SIGINT.`,
    );
  });

  test('is silent when all went well, but for times and sums', () => {
    const run = runOf([], { sums: { selected: 4, passed: 3, failed: 0, skipped: 1, notRun: 0 } });
    expect(failureLines(run, 'out')).toEqual([]);
    expect(sumLine(run)).toBe('3 passed, 0 failed, 1 skipped');
    const usage = { userCPUTime: 20_000_000, systemCPUTime: 11_000_000, maxRSS: 320_000 };
    expect(plain([timesLine(run, new Date('2026-11-24T02:00:17.750Z'), usage)])).toBe(
      'first case after 0.8 s, cases 10.0 s, clean-up 6.0 s; runner 31.0 s of CPU, 313 MB',
    );
    const cost = { cpuMs: 31_000, memoryMb: 313, apiCalls: 1_812, files: [] };
    expect(plain([timesLine({ ...run, cost }, new Date('2026-11-24T02:00:17.750Z'), usage)])).toMatch(
      /313 MB; \d+ requests, 1,812 API calls$/,
    );
  });
});

describe('of the conformance report a run says', () => {
  const profile = { name: 'GATEWAY-HTTP', summary: 'Core: success, 36 passed.' };

  test.for<[string, Parameters<typeof conformanceLines>[0], string]>([
    [
      'what became of each profile',
      { report: { profiles: [profile] } as ConformanceReport },
      `
Conformance report: out/conformance-report.yaml
  GATEWAY-HTTP  Core: success, 36 passed.`,
    ],
    ['why there is none', { because: 'no url' }, '\nNo conformance report: no url.'],
    ['nothing, when it is not about official cases', undefined, ''],
  ])('%s', ([, outcome, said]) => {
    expect(plain(conformanceLines(outcome, 'out/conformance-report.yaml'))).toBe(said);
  });
});

test('a line for each case, with the reason where it was not judged', () => {
  const lines = [
    { ...other('a', 'passed', ''), durationMs: 1_234 },
    bad('b', 'x'),
    {
      ...bad('e', 'x'),
      known: { reason: 'so it is', link: 'https://acme.example/1', expires: '2027-03-31' },
    },
    other('c', 'skipped', 'no IPv6 here'),
    other('d', 'not-run', 'its set-up failed: x\ny'),
  ];
  expect(plain(lines.map(caseLine))).toBe(
    '✓ a  1.2 s\n✗ b  3.2 s\n✗ e  3.2 s  known: so it is\n- c  skipped: no IPv6 here\n· d  not run: its set-up failed: x',
  );
});

test('the head of a run names the target and what is selected', () => {
  const run = runOf([bad('a', 'x'), bad('b', 'x')]);
  expect(plain(targetLines(run))).toBe(
    `Target     context kind-x (managed cluster), Kubernetes v1.36.3, images from source
           Gateway API v1.6.3 experimental, GatewayClass istio: Istio 1.31
Features   2: --features
Run        0123456789: 2 cases in 2 files`,
  );
});
