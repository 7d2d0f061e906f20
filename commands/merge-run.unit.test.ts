import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleCase, sampleRun } from '../reports/regression/sample-runs.ts';
import type { Run } from '../reports/run.ts';
import { runReport } from './testdata/run-report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** npm run report with these arguments, and a history of its own. */
const report = (...args: string[]) => runReport(folder, ...args);

/** The folders of two shards with one case each, of these ids. */
function shards(ids: [string, string], spoil: Partial<Run> = {}): string[] {
  return ids.map((id, at) => {
    const shard = { index: at + 1, count: 2, selected: 2 };
    const run = sampleRun(1, [{ ...sampleCase('x', 'passed'), id }], { shard, ...(at === 1 ? spoil : {}) });
    const out = join(folder, `shard-${at + 1}`);
    mkdirSync(join(out, 'allure-results'), { recursive: true });
    writeFileSync(join(out, 'allure-results', `${at}-result.json`), '{}');
    writeFileSync(join(out, 'junit.xml'), '<testsuites tests="1" failures="0" errors="0" time="1"/>');
    writeFileSync(join(out, 'run.json'), JSON.stringify(run));
    return out;
  });
}

describe('npm run report -- merge, with the folders of shards', { timeout: 60_000 }, () => {
  const list = fileURLToPath(new URL('test.ts', import.meta.url));
  const { stdout } = spawnSync(process.execPath, [list, '--list', 'ingress-gateways'], { encoding: 'utf8' });
  const known = (stdout.match(/^[^\t]+/gm) ?? []).slice(0, 2) as [string, string];

  test('makes one run, appends it to the history and exits as it would have', () => {
    const out = join(folder, 'out');
    const { code, out: said, err } = report('merge', ...shards(known), '--out', out);
    expect(err).toBe('');
    expect(said).toMatch(/\n2 passed, 0 failed, 0 skipped\n$/);
    expect(code).toBe(0);
    const run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(run.cases.map(({ id }: { id: string }) => id)).toEqual(known.toSorted());
    expect(readFileSync(join(out, 'junit.xml'), 'utf8')).toContain('tests="2"');
    expect(JSON.parse(readFileSync(join(folder, 'history.jsonl'), 'utf8'))).toEqual(run);
  });

  test.for<[string, Partial<Run>, number]>([
    ['an error outside of any case', { errors: [{ message: 'stray' }] }, 1],
    ['an interrupt', { interrupted: 'SIGTERM' }, 143],
  ])('%s in one shard is one of the run', ([, spoil, exit]) => {
    expect(report('merge', ...shards(known, spoil), '--out', join(folder, 'out')).code).toBe(exit);
  });

  test.for<[string, (folders: string[]) => string[], string]>([
    ['a shard that was not handed on', ([one = '']) => [one], 'shard 2/2 is missing'],
    ['a folder that is not there', ([one = '']) => [one, join(folder, 'none')], 'there is no '],
    [
      'a folder and a file',
      ([one = '', two]) => [one, join(two ?? '', 'run.json')],
      'and the others are files',
    ],
    [
      'a run.json that is cut short',
      ([one = '', two = '']) => {
        writeFileSync(join(two, 'run.json'), readFileSync(join(two, 'run.json'), 'utf8').slice(0, -20));
        return [one, two];
      },
      'it is cut short',
    ],
    [
      'a shard without a run.json',
      ([one = '', two = '']) => {
        rmSync(join(two, 'run.json'));
        return [one, two];
      },
      'the run was killed',
    ],
  ])('%s ends with a sentence and exit code 2', ([, spoil, sentence]) => {
    const { code, err } = report('merge', ...spoil(shards(known)), '--out', join(folder, 'out'));
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });

  test('shards of another commit are refused', () => {
    const { code, err } = report(
      'merge',
      ...shards(['area/file/a', 'area/file/b']),
      '--out',
      join(folder, 'out'),
    );
    expect(err).toContain('they have the case area/file/a, and the suites here have not');
    expect(code).toBe(2);
  });
});
