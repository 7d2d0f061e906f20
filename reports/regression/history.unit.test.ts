import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Run } from '../run.ts';
import { mergeHistories, openHistory, readHistory, remember } from './history.ts';
import { anyRun, sampleRun } from './sample-runs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-history-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A new file with these runs. */
function historyOf(name: string, runs: Run[]): string {
  const file = join(folder, name);
  writeFileSync(file, '');
  for (const run of runs) remember(run, file);
  return file;
}

/** The runs of an empty history that these are merged into, in this order. */
const merged = (order: string[]) => {
  const into = historyOf('into', []);
  mergeHistories(into, order);
  return readHistory(into).runs;
};

const one = sampleRun(1, { a: 'passed' });
const two = sampleRun(2, { a: 'failed' });
const three = sampleRun(3, { a: 'passed' });

test('what was appended is read again, the oldest run first, also from a folder that was not there', () => {
  const file = join(folder, 'deep/er/history.jsonl');
  remember(two, file);
  remember(one, file);
  expect(readHistory(file)).toEqual({ runs: [one, two], lost: [] });
});

test('a history that is not there is empty', () => {
  expect(readHistory(join(folder, 'none'))).toEqual({ runs: [], lost: [] });
});

test('a history is opened before a run, which changes nothing of it', () => {
  const file = join(folder, 'deep/er/history.jsonl');
  openHistory(file);
  expect(readHistory(file)).toEqual({ runs: [], lost: [] });
  remember(one, file);
  openHistory(file);
  expect(readHistory(file).runs).toEqual([one]);
  expect(() => openHistory(folder)).toThrow('EISDIR');
});

test('a file that cannot be read is an error, and no empty history', () => {
  expect(() => readHistory(folder)).toThrow('EISDIR');
});

describe('after a crash in the middle of a write', () => {
  test('wherever it was, the run that was being written is lost, and no other', () => {
    fc.assert(
      fc.property(
        fc.array(anyRun),
        anyRun,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (before, last, part) => {
          const file = historyOf('cut', before);
          const whole = readHistory(file).runs;
          const line = Buffer.from(JSON.stringify(last));
          const written = line.subarray(0, Math.floor(part * (line.length - 1)));
          appendFileSync(file, written);
          const { runs, lost } = readHistory(file);
          expect(runs).toEqual(whole);
          expect(lost).toHaveLength(written.length === 0 ? 0 : 1);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('the next run is appended to a line of its own', () => {
    const file = historyOf('cut', [one]);
    appendFileSync(file, JSON.stringify(two).slice(0, 100));
    remember(three, file);
    const { runs, lost } = readHistory(file);
    expect(runs).toEqual([one, three]);
    expect(lost).toEqual([`line 2 of ${file}: it is cut short, or was never a run`]);
  });

  test('a line that lacks nothing but its end is there', () => {
    const file = historyOf('cut', [one]);
    appendFileSync(file, JSON.stringify(two));
    expect(readHistory(file)).toEqual({ runs: [one, two], lost: [] });
    remember(three, file);
    expect(readHistory(file)).toEqual({ runs: [one, two, three], lost: [] });
  });
});

test('what is appended leaves what was there as it is', () => {
  const file = historyOf('grows', [one]);
  const before = readFileSync(file, 'utf8');
  remember(two, file);
  expect(readFileSync(file, 'utf8').startsWith(before)).toBe(true);
});

test('a line of another format is told, and skipped', () => {
  const file = historyOf('odd', [one]);
  appendFileSync(file, `${JSON.stringify({ ...two, format: 2 })}\n[]\n`);
  const { runs, lost } = readHistory(file);
  expect(runs).toEqual([one]);
  expect(lost).toEqual([
    `line 2 of ${file}: it is no run of format 1: /format must be equal to constant`,
    `line 3 of ${file}: it is no run of format 1: / must be object`,
  ]);
});

test('of a run that is there twice the record with more verdicts counts', () => {
  const early = sampleRun(1, { a: 'passed', b: 'not-run' });
  const final = sampleRun(1, { a: 'passed', b: 'failed' });
  expect(readHistory(historyOf('x', [early, final])).runs).toEqual([final]);
  expect(readHistory(historyOf('y', [final, early])).runs).toEqual([final]);
});

describe('merging', () => {
  const runs = fc.array(anyRun, { maxLength: 6 });

  test('in any order comes to the same runs: each that any of the histories has', () => {
    fc.assert(
      fc.property(runs, runs, runs, (a, b, c) => {
        const [x, y, z] = [historyOf('x', a), historyOf('y', b), historyOf('z', c)];
        const once = merged([x, y, z]);
        expect(merged([z, x, y])).toEqual(once);
        expect(merged([y, z, x])).toEqual(once);
        expect(once.map(({ id }) => id)).toEqual(
          [...new Set([...a, ...b, ...c].map(({ id }) => id))].toSorted(),
        );
      }),
      { numRuns: 25 },
    );
  });

  test('again adds nothing, and writes nothing', () => {
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        const [x, y] = [historyOf('x', a), historyOf('y', b)];
        mergeHistories(x, [y]);
        const bytes = readFileSync(x, 'utf8');
        expect(mergeHistories(x, [y, x])).toEqual({ added: 0, lost: [] });
        expect(readFileSync(x, 'utf8')).toBe(bytes);
      }),
      { numRuns: 25 },
    );
  });

  test('counts what it adds, and tells what it could not read', () => {
    const [x, y] = [historyOf('x', [one]), historyOf('y', [one, two, three])];
    appendFileSync(y, '{"format"');
    expect(mergeHistories(x, [y])).toEqual({
      added: 2,
      lost: [`line 4 of ${y}: it is cut short, or was never a run`],
    });
    expect(readHistory(x).runs).toEqual([one, two, three]);
  });
});
