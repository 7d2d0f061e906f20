import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { completeResults } from '../reports/allure/complete.ts';
import { chooseRun } from '../reports/regression/choose.ts';
import type { Run } from '../reports/run.ts';
import { runReport } from './testdata/run-report.ts';

const command = fileURLToPath(new URL('report.ts', import.meta.url));
const recorded = fileURLToPath(new URL('../reports/testdata/', import.meta.url));
const good = join(recorded, 'good.jsonl');
const broken = join(recorded, 'broken-route.jsonl');

const lastRun = (history: string): Run => chooseRun(history, []);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** npm run report with these arguments, and a history of its own. */
const report = (...args: string[]) => runReport(folder, ...args);

describe('npm run report -- compare', { timeout: 120_000 }, () => {
  test('exits by the policy, and writes what is asked for', () => {
    const [page, text, data] = ['a.html', 'deep/a.md', 'a.json'].map((name) => join(folder, name));
    const files = ['--html', page, '--markdown', text, '--json', data] as string[];
    const { code, out, err } = report('compare', good, broken, ...files);
    expect(err).toBe('');
    expect(out).toMatch(/^Compared .*\n(.*\n)*Newly failing\n/);
    expect(code).toBe(1);
    const { outcome } = JSON.parse(readFileSync(data as string, 'utf8'));
    expect(out.trimEnd().endsWith(outcome.because.join('; '))).toBe(true);
    expect(readFileSync(text as string, 'utf8')).toContain('## Newly failing');
    expect(readFileSync(page as string, 'utf8')).toContain('<h2>Newly failing</h2>');
  });

  test('--fail-on never only tells', () => {
    const { code, out } = report('compare', good, broken, '--fail-on', 'never');
    expect(out).toContain('Newly failing');
    expect(code).toBe(0);
  });

  test('takes the last two of the history without names', () => {
    expect(report('merge', good).out).toMatch(/^runs added to .*: 8$/m);
    expect(report('compare').out).toContain('mwv9zulz2j (2026-11-24 22:38) → mwva0b6eyy (2026-11-24 22:38)');
  });

  test('takes ids of the history, and exits with 0 when there is nothing to fail on', () => {
    report('merge', good);
    const { code, out } = report('compare', 'mwv9zewbmp', 'mwv9zulz2j');
    expect(out).toContain('\n30 unchanged\n\nNothing to fail on (regression)\n');
    expect(code).toBe(0);
  });

  test('says what of the history could not be read, and goes on', () => {
    const history = join(folder, 'history.jsonl');
    writeFileSync(history, `${readFileSync(good, 'utf8')}{"format":1,"id"`);
    const { err, out } = report('compare');
    expect(err).toMatch(/^No run in line \d+ of .*history\.jsonl: it is cut short/);
    expect(out).toContain(' unchanged');
  });

  test.for<[string, string[], string]>([
    ['one run', [good], "missing required argument 'new'"],
    ['no history', [], 'history.jsonl has 0'],
    ['a run that there is not', ['1.29', '1.30'], 'find the run "1.29"'],
    ['a folder without a run', [tmpdir(), good], 'there is no run.json in it'],
    [
      'a policy of another name',
      [good, good, '--fail-on', 'slow'],
      'Allowed choices are regression, any, never',
    ],
  ])('with %s ends with a sentence and exit code 2', ([, args, sentence]) => {
    const { code, out, err } = report('compare', ...args);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

/** Where a page of that name is to be. */
const page = (name: string): string => join(folder, name);

describe('npm run report -- build', { timeout: 60_000 }, () => {
  test('makes one file, or a folder, of what a run left', () => {
    const run = lastRun(broken);
    writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
    completeResults(run, folder);
    report('merge', good);
    expect(report('build', folder, '--single-file')).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(page('allure-report.html'), 'utf8')).not.toContain('googletagmanager');
    const into = join(folder, 'deep/report');
    expect(report('build', folder, '--output', into)).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(into)).toContain('index.html');
  });

  test.for<[string, (run: Run) => void, string]>([
    ['no run.json', () => {}, 'there is no run.json in it'],
    [
      'half a run.json',
      (run) => writeFileSync(join(folder, 'run.json'), JSON.stringify(run).slice(0, 5_000)),
      'it is cut short',
    ],
    [
      'no results',
      (run) => {
        writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
        mkdirSync(join(folder, 'allure-results'));
      },
      'allure-results has no result',
    ],
  ])('of a folder with %s ends with a sentence, a next command and exit code 2', ([, leave, sentence]) => {
    leave(lastRun(broken));
    const { code, err, out } = report('build', folder, '--single-file');
    expect(err).toContain(sentence);
    expect(err).toMatch(/^ {2}next: .*npm test/m);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
    expect(existsSync(page('allure-report.html'))).toBe(false);
  });

  test('of no folder says which', () => {
    const { code, err } = report('build', join(folder, 'none'));
    expect(err).toMatch(/there is no .*none\n/);
    expect(code).toBe(2);
  });
});

test('npm run report -- open shows the report on loopback until Ctrl-C', { timeout: 60_000 }, async () => {
  const run = lastRun(broken);
  writeFileSync(page('run.json'), JSON.stringify(run));
  completeResults(run, folder);
  const env = { ...process.env, CONFORMANCE_HISTORY: page('history.jsonl'), BROWSER: 'none' };
  const shown = spawn(process.execPath, [command, 'open', folder, '--port', '0'], { env });
  const ended = once(shown, 'exit');
  const [said] = await once(shown.stdout, 'data');
  const [url = ''] = /^http:\/\/127\.0\.0\.1:\d+\//.exec(String(said)) ?? [];
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('Content-Security-Policy');
  shown.kill('SIGINT');
  expect(await ended).toEqual([null, 'SIGINT']);
});

describe('npm run report -- matrix', { timeout: 60_000 }, () => {
  test('has a column for each run that is named, once', () => {
    const { code, err } = report('matrix', good, broken, good, '--output', page('matrix.html'));
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(readFileSync(page('matrix.html'), 'utf8').match(/role="columnheader"/g)).toHaveLength(1 + 2);
  });

  test('takes of each target the last run that was not interrupted of the history without names', () => {
    report('merge', good, broken, join(recorded, 'interrupted.jsonl'));
    expect(report('matrix', '--output', page('matrix.html')).code).toBe(0);
    const text = readFileSync(page('matrix.html'), 'utf8');
    expect(text.match(/role="columnheader"/g)).toHaveLength(1 + 1);
    expect(text).toContain(`run ${lastRun(broken).id}`);
  });

  test('of no run ends with a sentence and exit code 2', () => {
    const { code, err } = report('matrix', '--output', page('matrix.html'));
    expect(err).toContain('history.jsonl has none');
    expect(err).toContain('next: npm test');
    expect(code).toBe(2);
    expect(existsSync(page('matrix.html'))).toBe(false);
  });
});

test('npm run report -- history lists the runs that merge has added, once', { timeout: 60_000 }, () => {
  report('merge', good);
  expect(report('merge', good).out).toMatch(/: 0$/m);
  const { out, code } = report('history');
  expect(out.trimEnd().split('\n')).toHaveLength(readFileSync(good, 'utf8').trimEnd().split('\n').length);
  expect(code).toBe(0);
});

test('npm run report -- merge refuses a history that is not there', () => {
  const { code, err } = report('merge', good, join(folder, 'none.jsonl'));
  expect(err).toContain('none.jsonl');
  expect(err).toContain('nothing was merged');
  expect(code).toBe(2);
});
