import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleRun } from '../reports/regression/sample-runs.ts';
import { runReport } from './testdata/run-report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** npm run report with these arguments, and a history of its own. */
const report = (...args: string[]) => runReport(folder, ...args);

/** Decides for a nightly of one target. */
function issue(issues: string): ReturnType<typeof report> {
  const [matrix, open] = [join(folder, 'matrix.json'), join(folder, 'issues.json')];
  writeFileSync(matrix, '{"istio":["1.31.0"],"channel":["experimental"],"kubernetes":["v1.36.3"]}');
  writeFileSync(open, issues);
  const places = ['--matrix', matrix, '--issues', open, '--runs', folder, '--out', join(folder, 'issue')];
  return report('issue', ...places, '--link', 'https://ci.example/1');
}

/** The run of that target. */
function leave(cases: Record<string, 'passed' | 'failed'>): void {
  const run = join(folder, 'run-istio-1.31.0-experimental-v1.36.3');
  mkdirSync(run);
  writeFileSync(join(run, 'run.json'), JSON.stringify(sampleRun(1, cases)));
}

describe('npm run report -- issue', { timeout: 60_000 }, () => {
  test('says what is to be done for $GITHUB_OUTPUT, and writes the texts', () => {
    leave({ a: 'failed' });
    const { code, out } = issue('[]');
    expect(out).toBe('action=open\nnumber=\ntitle=Nightly: 1 wrong on 1 of 1 targets\n');
    expect(readFileSync(join(folder, 'issue/body.md'), 'utf8')).toContain('`area/file/a`');
    expect(code).toBe(0);
  });

  test('closes the issue when all is well', () => {
    leave({ a: 'passed' });
    expect(issue('[{"number":4,"body":""}]').out).toBe('action=close\nnumber=4\ntitle=\n');
    expect(readFileSync(join(folder, 'issue/comment.md'), 'utf8')).toContain('https://ci.example/1');
  });

  test('a target without a run is wrong', () => {
    expect(issue('[]').out).toContain('action=open');
    expect(readFileSync(join(folder, 'issue/body.md'), 'utf8')).toContain('there is no run.json in it');
  });

  test.for(['', '{}', '[{}]'])('issues that could not be listed are not taken for none: %j', (issues) => {
    leave({ a: 'failed' });
    const { code, out, err } = issue(issues);
    expect(err).toContain('read the open issues');
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});
