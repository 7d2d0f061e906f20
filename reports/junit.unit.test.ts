import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMParser, type Element } from '@xmldom/xmldom';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeJunit } from './junit.ts';
import { outputs } from './outputs.ts';
import { anyRun, sampleCase, sampleRun } from './regression/sample-runs.ts';
import { mergeJunit } from './shards/junit.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'conformance-junit-'));
});
afterEach(() => rmSync(out, { recursive: true }));

const written = (): string => readFileSync(join(out, outputs.junit), 'utf8');
const rootOf = (text: string): Element =>
  new DOMParser().parseFromString(text, 'text/xml').documentElement as Element;
const sums = (element: Element): number[] =>
  ['tests', 'failures', 'errors', 'skipped'].map((name) => Number(element.getAttribute(name)));

test('the sums hold, whatever the verdicts and the reasons, in a shard and in all of them', () => {
  fc.assert(
    fc.property(anyRun, anyRun, (one, two) => {
      const texts = [one, two].map((run) => {
        writeJunit(run, out);
        return written();
      });
      for (const [at, run] of [one, two].entries()) {
        const { selected, failed, skipped, notRun } = run.sums;
        const root = rootOf(texts[at] ?? '');
        expect(sums(root)).toEqual([selected, failed, notRun, skipped]);
        expect(root.getElementsByTagName('testcase').length).toBe(selected);
        const count = (name: string) => root.getElementsByTagName(name).length;
        expect(['failure', 'error', 'skipped'].map(count)).toEqual([failed, notRun, skipped]);
      }
      const merged = rootOf(
        mergeJunit(
          texts.map((text, at) => ({ from: `s${at}`, text, cases: [one, two][at]?.cases.length ?? 0 })),
        ),
      );
      const both = [one.sums, two.sums];
      const sum = (of: 'selected' | 'failed' | 'skipped' | 'notRun') =>
        both.reduce((all, each) => all + each[of], 0);
      expect(sums(merged)).toEqual([sum('selected'), sum('failed'), sum('notRun'), sum('skipped')]);
    }),
  );
});

const draft = (inner: string, name = 'group &gt; bad'): void =>
  writeFileSync(
    join(out, outputs.junitDraft),
    `<testsuites><testsuite><testcase classname="x" file="suites/area/file.test.ts" name="${name}" time="0.5">${inner}</testcase></testsuite></testsuites>`,
  );
const bad = { id: 'area/file/group-bad', title: 'group › bad' };

test('what vitest tells of a failure stays', () => {
  draft('<system-out>said</system-out><failure message="404"> at line 7 </failure>');
  writeJunit(sampleRun(1, [sampleCase('x', 'failed', bad)]), out);
  expect(written()).toContain('<system-out>said</system-out><failure message="404"> at line 7 </failure>');
  expect(written()).toContain('name="group &gt; bad" time="1"');
});

test('a failure that was not judged is an error, and no failure', () => {
  draft('<failure message="404"> at line 7 </failure>');
  const reason = 'not judged: the API server did not answer; it got: 404';
  writeJunit(sampleRun(1, [sampleCase('x', 'not-run', { ...bad, reason })]), out);
  expect(written()).toContain(`<error message="${reason}" type="not-run"/>`);
  expect(written()).not.toContain('<failure');
});

test('what went wrong beside the cases is told, and counts for no case', () => {
  writeJunit(
    sampleRun(1, { a: 'passed' }, { errors: [{ message: 'stray\u0000 <&>', file: 'suites/b.test.ts' }] }),
    out,
  );
  expect(sums(rootOf(written()))).toEqual([1, 0, 0, 0]);
  expect(rootOf(written()).getElementsByTagName('system-err')[0]?.textContent).toBe(
    'suites/b.test.ts: stray <&>',
  );
});

test('without a word of vitest, every case is there all the same', () => {
  writeFileSync(join(out, outputs.junitDraft), '');
  writeJunit(sampleRun(1, { a: 'passed', b: 'failed', c: 'skipped', d: 'not-run' }), out);
  expect(sums(rootOf(written()))).toEqual([4, 1, 1, 1]);
});
