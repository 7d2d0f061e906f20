import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseRun, lastTwo } from './choose.ts';
import { sampleRun, versions } from './sample-runs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const old = sampleRun(1, { a: 'passed' }, { target: { versions: versions('1.30.2') } });
const now = sampleRun(2, { a: 'passed' }, { target: { versions: versions('1.31-dev', 'v1.7.0') } });
const filtered = sampleRun(
  3,
  { a: 'passed' },
  { target: { versions: versions('1.31-dev') }, filters: ['a'] },
);
const cut = sampleRun(
  4,
  { a: 'not-run' },
  { target: { versions: versions('1.31-dev') }, interrupted: 'SIGINT' },
);
const history = [old, now, filtered, cut];

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

test('a run.json, a folder with one, and the last run of a history', () => {
  const file = written('run.json', JSON.stringify(old));
  const lines = written('x.jsonl', history.map((run) => JSON.stringify(run)).join('\n'));
  expect(chooseRun(file, [])).toEqual(old);
  expect(chooseRun(folder, [])).toEqual(old);
  expect(chooseRun(lines, [])).toEqual(cut);
});

test.for([
  [filtered.id, filtered],
  ['1.30.2', old],
  ['1.30', old],
  ['Istio 1.30', old],
  ['v1.30.2', old],
  ['istio 1.31-dev', now],
  // a run of all cases that went to its end before newer ones that did not
  ['1.31', now],
  ['v1.7.0', now],
  // the newest one has that of all the others
  ['v1.36', now],
] as const)('%s is a run of the history', ([name, run]) => {
  expect(chooseRun(name, history)).toBe(run);
});

test('where no run was whole, the newest', () => {
  expect(chooseRun('1.31', [filtered, cut])).toBe(cut);
});

test.for(['1.3', '1.29', 'mw'])('%s is none', (name) => {
  expect(() => chooseRun(name, history)).toThrow('none of the 4 runs of the history has this id or version');
});

test.for([
  ['is empty', '', 'it is cut short, or is no run.json'],
  ['is cut short', JSON.stringify(old).slice(0, 200), 'it is cut short, or is no run.json'],
  ['is of another format', JSON.stringify({ ...old, format: 2 }), '/format must be equal to constant'],
  ['lacks its sums', JSON.stringify({ ...old, sums: undefined }), "must have required property 'sums'"],
] as const)('a run.json that %s has no verdict', ([, text, sentence]) => {
  expect(() => chooseRun(written('run.json', text), [])).toThrow(sentence);
});

test('a folder that a killed run left has no verdict', () => {
  mkdirSync(join(folder, 'evidence'));
  expect(() => chooseRun(folder, [])).toThrow('the run was killed, or has not ended: it has no verdict');
});

test('a history without a run has no last one', () => {
  expect(() => chooseRun(written('x.jsonl', '{"format":'), [])).toThrow('it holds no run');
});

test('the last two of the history, where there are two', () => {
  expect(lastTwo(history, 'x')).toEqual([filtered, cut]);
  expect(() => lastTwo([old], 'x.jsonl')).toThrow('x.jsonl has 1');
});
