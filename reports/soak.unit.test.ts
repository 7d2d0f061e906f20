import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Run } from './run.ts';
import { isSound, type Soaked, soakedLines, soakSumLine } from './soak.ts';

const recorded = (name: string): Run =>
  JSON.parse(readFileSync(new URL(`testdata/${name}.jsonl`, import.meta.url), 'utf8').split('\n')[0] ?? '');

const soaked = (run: Run | undefined): Soaked => ({
  disturbances: ['cores', 'istiod'],
  done: { "deleted istiod's pod": 3, 'keeps 2 cores busy': 1 },
  seconds: 61.4,
  run,
});

test('a run in which nothing failed is sound', () => {
  const good = soaked(recorded('good'));
  expect(isSound([good])).toBe(true);
  expect(soakedLines(1, good)).toEqual([
    expect.stringMatching(
      /^run 1: cores, istiod: \d+ passed, 0 failed, \d+ skipped, 0 not judged in 61 s; deleted istiod's pod 3 times, keeps 2 cores busy$/,
    ),
  ]);
});

test('what failed is a false alarm, with what it said', () => {
  const broken = soaked(recorded('broken-route'));
  expect(isSound([broken])).toBe(false);
  const [, first] = soakedLines(1, broken);
  expect(first).toMatch(/^ {2}false alarm: \S+: got /);
  const { failed, passed } = recorded('broken-route').sums;
  expect(soakSumLine([broken])).toBe(
    `1 runs: ${failed} false alarms in ${failed + passed} cases that were judged, 0 not judged`,
  );
});

test('what is known to fail is none', () => {
  const known = soaked(recorded('known-failures'));
  expect(known.run?.sums.failed).toBeGreaterThan(0);
  expect(isSound([known])).toBe(true);
});

test('what was not judged is counted, by its reason', () => {
  const interrupted = recorded('interrupted');
  const [, ...reasons] = soakedLines(2, soaked(interrupted));
  expect(reasons.join('\n')).toMatch(/^ {2}\d+: interrupted by /m);
  expect(soakSumLine([soaked(interrupted)])).toContain(`${interrupted.sums.notRun} not judged`);
});

test('a run without a report is none that is sound', () => {
  expect(isSound([soaked(undefined)])).toBe(false);
  expect(soakedLines(3, soaked(undefined))).toEqual(['run 3: cores, istiod: it left no report after 61 s']);
  expect(soakSumLine([soaked(undefined)])).toContain('1 runs without a report');
});
