import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { isProved, proofLines, proofSums } from './proof.ts';
import { sampleCase, sampleRun } from './regression/sample-runs.ts';
import type { CaseResult } from './run.ts';

const proved = (id: string, applied: number, noticed: number, ...faults: string[]): CaseResult =>
  sampleCase(id, applied === noticed ? 'passed' : 'failed', { proof: { applied, noticed, faults } });
const sumsOf = (...cases: CaseResult[]) => proofSums(sampleRun(1, cases), ['another-status', 'reset']);

test('all is proved when every case noticed what applied to it, and every fault was noticed', () => {
  const sums = sumsOf(
    proved('a', 3, 3, 'another-status'),
    proved('b', 1, 1, 'reset'),
    sampleCase('c', 'skipped'),
  );
  expect(sums).toEqual({ applied: 4, noticed: 4, unproved: [], unnoticed: [] });
  expect(isProved(sums, true)).toBe(true);
});

test('a fault that was missed, a case that no fault can fail, and a fault that no case notices', () => {
  const missed = sumsOf(proved('a', 3, 2, 'another-status', 'reset'));
  expect(isProved(missed, true)).toBe(false);
  const cannotFail = sumsOf(proved('a', 1, 1, 'another-status', 'reset'), sampleCase('b', 'passed'));
  expect(isProved(cannotFail, true)).toBe(false);
  const idle = sumsOf(proved('a', 1, 1, 'reset'));
  expect(isProved(idle, true)).toBe(false);
  expect(isProved(idle, false)).toBe(true);
});

test('what is not proved is named', () => {
  const sums = sumsOf(proved('a', 1, 1, 'reset'), sampleCase('b', 'passed'));
  expect(stripVTControlCharacters(proofLines(sums, true).join('\n'))).toBe(`
Proof      1 of 1 faults were noticed by the assertions that they apply to
1 passed, and no fault can fail them:
  area/file/b
1 are faults that no case notices:
  another-status`);
  expect(proofLines(sums, false).join('\n')).not.toContain('another-status');
});
