import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe } from 'vitest';
import { testOnPage as test } from '../page-test.ts';
import { chooseRun } from '../regression/choose.ts';
import { readHistory } from '../regression/history.ts';
import type { CaseResult, Run } from '../run.ts';
import { buildReport } from './build.ts';
import { completeResults } from './complete.ts';
import { showReport } from './show.ts';

const testdata = (name: string): string =>
  fileURLToPath(new URL(`../testdata/${name}.jsonl`, import.meta.url));
const run = chooseRun(testdata('broken-route'), []);
const [failed] = run.cases.filter(({ verdict }) => verdict === 'failed') as [CaseResult];
const history = readHistory(testdata('good')).runs;

let out: string;
let results: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'conformance-build-'));
  results = join(out, 'allure-results');
  for (const path of failed.evidence ?? []) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), `evidence of ${path}`);
  }
  completeResults(run, out);
});
afterEach(() => rmSync(out, { recursive: true }));

const build = (of: Run = run, singleFile = false, into = join(out, 'report')): Promise<void> =>
  buildReport(of, { out, history, into, singleFile });

function texts(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
}

/** The file of one of the results. */
const first = (): string => {
  const [name] = readdirSync(results).filter((each) => each.endsWith('-result.json'));
  return join(results, name as string);
};

describe('the report', { timeout: 120_000 }, () => {
  test('has all that is to be known of a failure, and tells nobody who reads it', async ({
    expect,
    watched: { page, asked },
    onTestFinished,
  }) => {
    await build();
    const files = texts(join(out, 'report'));
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((text) => /googletagmanager|google-analytics|\bgtag\(/.test(text))).toEqual([]);

    process.env.BROWSER = 'none';
    onTestFinished(() => {
      delete process.env.BROWSER;
    });
    const shown = await showReport(join(out, 'report'), 0);
    onTestFinished(() => shown.close());
    expect(new URL(shown.url).hostname).toBe('127.0.0.1');
    await page.goto(shown.url);
    await page.getByText(failed.title).first().click();
    await page.getByText('Official case: HTTPRouteExactPathMatching').waitFor();
    for (const said of [failed.got as string, failed.cause as string, 'Specification: HTTPPathMatch']) {
      await page.getByText(said).first().waitFor();
    }
    await page.getByText('Attachments').click();
    await page.getByText('diagnosis.yaml').first().waitFor();
    const own = new URL(shown.url).origin;
    expect(asked.filter((url) => !url.startsWith(own))).toEqual([]);
    expect(asked.length).toBeGreaterThan(3);
  });

  test('shows the runs before it, whether it is built once or twice', async ({ expect }) => {
    await build();
    await build();
    const [data] = texts(join(out, 'report/data/test-results')).filter((text) =>
      text.includes(`"fullName":"${failed.id}"`),
    );
    const { history: earlier, transition, status } = JSON.parse(data as string);
    expect(status).toBe('failed');
    expect(transition).toBe('regressed');
    expect(earlier.map((item: { status: string }) => item.status)).toEqual(
      Array.from({ length: 8 }, () => 'passed'),
    );
  });

  test('is one file for an e-mail, which needs nothing beside it', async ({
    expect,
    watched: { page, asked },
  }) => {
    const file = join(out, 'report.html');
    await build(run, true, file);
    expect(readFileSync(file, 'utf8')).not.toMatch(/googletagmanager|google-analytics|\bgtag\(/);
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(pathToFileURL(file).href);
    await page.getByText(failed.title).first().click();
    await page
      .getByText(failed.got as string)
      .first()
      .waitFor();
    expect(asked).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('groups what is not well by its cause', async ({ expect }) => {
    const known = chooseRun(testdata('known-failures'), []);
    const cut = chooseRun(testdata('interrupted'), []);
    const unlisted = chooseRun(testdata('unlisted-failures'), []);
    const groups: string[][] = [];
    for (const each of [known, cut, unlisted, run]) {
      rmSync(results, { recursive: true });
      completeResults(each, out);
      await build(each);
      const data = JSON.parse(readFileSync(join(out, 'report/widgets/categories.json'), 'utf8'));
      groups.push(data.roots.map((id: string) => data.nodes[id].name));
    }
    expect(groups).toEqual([
      ['Known failures'],
      ['Not judged'],
      ['certificate-not-granted', "No cause in the cluster's objects"],
      ["No cause in the cluster's objects"],
    ]);
  });
});

describe('there is no report', () => {
  test.for<[string, () => void, RegExp]>([
    [
      'without the folder of results',
      () => rmSync(results, { recursive: true }),
      /there is no .*allure-results/,
    ],
    [
      'of an empty one',
      () => {
        rmSync(results, { recursive: true });
        mkdirSync(results);
      },
      /allure-results has no result/,
    ],
    ['of one that lacks a result', () => rmSync(first()), /1 of the 30 cases have no result .* for one/],
    ['of one with half a result', () => truncateSync(first(), 100), /1 of the 30 cases have no result/],
    [
      'of results of another run',
      () => {
        rmSync(results, { recursive: true });
        completeResults(chooseRun(testdata('good'), []), out);
      },
      /is of another run: what it says of .*exact-path.* is not what run\.json says/,
    ],
    [
      'of results of two runs',
      () => {
        const other = join(out, 'other');
        completeResults(chooseRun(testdata('known-failures'), []), other);
        cpSync(join(other, 'allure-results'), results, { recursive: true });
      },
      /is of another run: it has 10 cases more than what run\.json says/,
    ],
  ])('%s', async ([, spoil, sentence], { expect }) => {
    spoil();
    await expect(build()).rejects.toThrow(sentence);
    await expect(build()).rejects.toThrow(/next: .*npm test/);
    expect(existsSync(join(out, 'report'))).toBe(false);
  });

  test('in the place of something else', async ({ expect }) => {
    mkdirSync(join(out, 'mine'));
    writeFileSync(join(out, 'mine/thesis.txt'), 'years of work');
    await expect(build(run, false, join(out, 'mine'))).rejects.toThrow('it is a folder of something else');
    await expect(build(run, true, join(out, 'mine'))).rejects.toThrow('it is a folder');
    await expect(build(run, false, join(out, 'mine/thesis.txt'))).rejects.toThrow('it is a file');
    expect(readFileSync(join(out, 'mine/thesis.txt'), 'utf8')).toBe('years of work');
  });
});
