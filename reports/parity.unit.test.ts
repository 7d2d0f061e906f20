import { expect, test } from 'vitest';
import { parityTable } from './parity.ts';
import type { CaseResult, Dialect } from './run.ts';

const result = (dialect: Dialect, row: string, more: Partial<CaseResult> = {}): CaseResult => ({
  id: `a/b/${dialect}`,
  title: `${dialect} › ${row} → 404 from the gateway`,
  file: 'suites/a/b.test.ts',
  dialect,
  features: [],
  scenario: { row },
  verdict: 'passed',
  durationMs: 1,
  milestones: {},
  attempts: 3,
  ...more,
});

const table = (...cases: CaseResult[]): string | undefined => parityTable({ id: 'r1', cases });

test('rows stand side by side, and no difference is said to be none', () => {
  const text = table(result('gateway-api', 'GET x/'), result('ingress', 'GET x/'));
  expect(text).toContain('| asked | Gateway API | Ingress |');
  expect(text).toContain('| `GET x/` | ✓ 404 from the gateway | ✓ 404 from the gateway |');
  expect(text).toContain('No difference.');
});

test('a known difference is stated with its reason', () => {
  const text = table(
    result('gateway-api', 'GET x/statusx'),
    result('istio-api', 'GET x/statusx', {
      title: 'Istio API › GET x/statusx → 404 from httpbin',
      scenario: { row: 'GET x/statusx', differs: 'a prefix is one of the text' },
    }),
  );
  expect(text).toContain('| `GET x/statusx` | ✓ 404 from the gateway | ✓ 404 from httpbin |');
  expect(text).toContain('- `GET x/statusx`, Istio API: a prefix is one of the text');
});

test('verdicts that differ are a difference of their own', () => {
  const text = table(result('gateway-api', 'GET x/'), result('istio-api', 'GET x/', { verdict: 'failed' }));
  expect(text).toContain('✗ 404 from the gateway');
  expect(text).toContain('- `GET x/`: passed in Gateway API, failed in Istio API');
});

test('what was skipped or not run is told apart from what failed', () => {
  const text = table(
    result('gateway-api', 'GET x/', { verdict: 'skipped' }),
    result('istio-api', 'GET x/', { verdict: 'not-run' }),
  );
  expect(text).toContain('| skipped 404 from the gateway | not run 404 from the gateway |');
  expect(text).toContain('No difference.');
});

test('a row of one dialect, and a case of no scenario, make no table', () => {
  const { scenario: _, ...alone } = result('ingress', 'GET x/');
  expect(table(result('gateway-api', 'GET x/'), alone)).toBeUndefined();
});
