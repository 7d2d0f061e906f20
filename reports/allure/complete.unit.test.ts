import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestResult } from 'allure-js-commons';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { caseId } from '../catalogue.ts';
import { chooseRun } from '../regression/choose.ts';
import { anyRun, sampleCase, sampleRun } from '../regression/sample-runs.ts';
import type { CaseResult, Run } from '../run.ts';
import { completeResults } from './complete.ts';

const recorded = (name: string): Run =>
  chooseRun(fileURLToPath(new URL(`../testdata/${name}.jsonl`, import.meta.url)), []);
/** What allure-vitest 3.12.2 wrote of the cases of one suite file, one of them with a screenshot. */
const written = fileURLToPath(new URL('testdata/written/', import.meta.url));

let out: string;
let folder: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'conformance-allure-'));
  folder = join(out, 'allure-results');
});
afterEach(() => rmSync(out, { recursive: true }));

const ending = (end: string): string[] => readdirSync(folder).filter((name) => name.endsWith(end));
const results = (): TestResult[] =>
  ending('-result.json').map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const resultOf = ({ id }: Pick<CaseResult, 'id'>): TestResult =>
  results().find(({ fullName }) => fullName === id) as TestResult;
const labels = ({ labels: all }: TestResult, name: string): string[] =>
  all.filter((label) => label.name === name).map(({ value }) => value);

const startsOf = (all: TestResult[]) => all.map(({ start }) => start).toSorted();
const browserCase = (title: string): string => caseId('suites/ingress-gateways/browser.test.ts', [title]);

/** Puts a file where the run says that it has one. */
function gather(path: string, text: string): void {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
}

describe('completeResults', () => {
  test('gives a failure its labels, links, steps, evidence and message', () => {
    const run = recorded('broken-route');
    const [failed] = run.cases.filter(({ verdict }) => verdict === 'failed') as [CaseResult];
    const steps = [
      { asked: 'GET a.example/one', wanted: '200 from a', got: '200 from a', attempts: 52, right: true },
      { asked: 'GET a.example/two', wanted: '200 from b', got: '404', attempts: 52, right: false },
      { asked: 'GET a.example/three', wanted: '200 from b', attempts: 52 },
    ];
    Object.assign(failed, { steps });
    for (const path of failed.evidence ?? []) gather(path, `about ${path}`);
    completeResults(run, out);

    const result = resultOf(failed);
    expect(result).toMatchObject({
      name: failed.title,
      status: 'failed',
      testCaseId: failed.id,
      statusDetails: { message: failed.reason },
    });
    expect(labels(result, 'epic')).toEqual(['gateway-api']);
    expect(labels(result, 'feature')).toEqual(['httproute-exact-path-matching']);
    expect(labels(result, 'dialect')).toEqual(['Gateway API']);
    expect(labels(result, 'tag')).toEqual(['Gateway', 'HTTPRoute', 'Gateway API']);
    expect(result.links.map(({ url }) => url)).toEqual([
      'https://gateway-api.sigs.k8s.io/reference/api-spec/main/spec/#httppathmatch',
      'https://github.com/kubernetes-sigs/gateway-api/tree/v1.6.3/conformance/tests',
    ]);
    expect(result.steps.map(({ name, status }) => [name, status])).toEqual([
      ['GET a.example/one', 'passed'],
      ['GET a.example/two', 'failed'],
      ['GET a.example/three', 'skipped'],
    ]);
    expect(result.steps[1]?.parameters).toEqual([
      { name: 'wanted', value: '200 from b' },
      { name: 'got', value: '404' },
      { name: 'attempts', value: '52' },
    ]);
    expect(result.attachments.map(({ name }) => name)).toEqual(
      failed.evidence?.map((path) => path.split('/').at(-1)),
    );
    for (const [at, { source }] of result.attachments.entries()) {
      expect(readFileSync(join(folder, source), 'utf8')).toBe(`about ${failed.evidence?.[at]}`);
    }
  });

  test('tells known failures and what was never judged from other failures', () => {
    const known = recorded('known-failures');
    completeResults(known, out);
    const excused = known.cases.filter((one) => one.known).map(resultOf);
    expect(excused.map((result) => [result.status, ...labels(result, 'judged')])).toEqual([
      ['failed', 'known'],
      ['failed', 'known'],
    ]);
    expect(excused[0]?.links.at(-1)).toMatchObject({ type: 'issue' });
    expect(excused[0]?.steps).toMatchObject([{ status: 'failed' }]);
  });

  test('has what an interrupted run did not come to, without a verdict', () => {
    const run = recorded('interrupted');
    completeResults(run, out);
    const all = results();
    expect(all).toHaveLength(30);
    const open = all.filter((result) => labels(result, 'judged').includes('not'));
    expect(open).toHaveLength(24);
    for (const { status, statusDetails } of open) {
      expect(status).toBeUndefined();
      expect(statusDetails.message).toMatch(/^interrupted by SIG/);
    }
  });

  test('builds on what allure-vitest wrote, and leaves no second result of a case', () => {
    cpSync(written, folder, { recursive: true });
    const before = results();
    const cases = before.map(({ name = '', status }) =>
      sampleCase('', status as 'passed', {
        id: browserCase(name),
        title: name,
      }),
    );
    completeResults(sampleRun(1, cases), out);
    const after = results();
    expect(after.map(({ fullName }) => fullName).toSorted()).toEqual(cases.map(({ id }) => id).toSorted());
    expect(startsOf(after)).toEqual(startsOf(before));
    expect(after.flatMap(({ attachments }) => attachments)).toMatchObject([
      { name: 'screenshot', type: 'image/png' },
    ]);
    expect(after.flatMap((result) => labels(result, 'host'))).toEqual([]);
  });

  test('shows a screenshot once that is evidence and was attached by the case', () => {
    cpSync(written, folder, { recursive: true });
    const id = browserCase('the bare address shows the headers that the browser sent');
    const path = `screenshots/${id}.png`;
    gather(path, 'png');
    completeResults(sampleRun(1, [sampleCase('', 'failed', { id, evidence: [path] })]), out);
    expect(results().flatMap(({ attachments }) => attachments)).toHaveLength(1);
  });

  test('tells how many faults a case noticed, and which, where that was proved', () => {
    const proof = { applied: 8, noticed: 7, faults: ['another-status', 'reset'] };
    const run = sampleRun(1, [sampleCase('a', 'failed', { proof }), sampleCase('b', 'passed')]);
    completeResults(run, out);
    const [proved, other] = run.cases.map(resultOf) as [TestResult, TestResult];
    expect(proved.description).toContain('**7 of 8 faults noticed**: another-status, reset');
    expect(proved.parameters).toEqual([{ name: 'faults noticed', value: '7 of 8', excluded: true }]);
    expect(other.parameters).toEqual([]);
    expect(other.description).not.toContain('faults');
  });

  test('says what went wrong beside the cases', () => {
    const errors = [
      { message: 'it did not load', file: 'suites/a.test.ts' },
      { message: 'nobody awaited it' },
    ];
    completeResults(sampleRun(1, { a: 'passed' }, { errors }), out);
    const [globals] = ending('-globals.json');
    const said = JSON.parse(readFileSync(join(folder, globals as string), 'utf8'));
    expect(said.errors.map(({ message }: { message: string }) => message)).toEqual([
      'suites/a.test.ts: it did not load',
      'nobody awaited it',
    ]);
  });

  test('keeps to itself what lets somebody in', () => {
    const markers = ['MARKa1', 'MARKb2', 'MARKc3', 'MARKd4', 'MARKe5'];
    const [token, cookie, set, key, jwt] = markers;
    const text = [
      `GET a.example/ (authorization: Bearer ${token}, x: 1)`,
      `curl --header 'Cookie: id=${cookie}' http://a.example`,
      `returned set-cookie: id=${set}`,
      `-----BEGIN RSA PRIVATE KEY-----\n${key}`,
      `token eyJhbGciOiJSUzI1NiJ9.${jwt}.sig`,
    ];
    const steps = text.map((each) => ({ asked: each, got: each, right: false }));
    const failures = text.map((each, at) =>
      sampleCase(`c${at}`, 'failed', {
        reason: each,
        expected: each,
        got: each,
        cause: each,
        repro: each,
        steps,
      }),
    );
    const errors = text.map((message) => ({ message }));
    completeResults(sampleRun(1, failures, { errors }), out);
    expect(results()).toHaveLength(text.length);
    const all = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    for (const marker of markers) expect(all.join('\n')).not.toContain(marker);
    expect(all.join('\n')).toContain('x: 1');
  });

  test('has every case of any run once, however often it is done', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        rmSync(folder, { recursive: true, force: true });
        completeResults(run, out);
        const once = results();
        completeResults(run, out);
        expect(results()).toEqual(once);
        expect(once.map(({ fullName }) => fullName).toSorted()).toEqual(
          run.cases.map(({ id }) => id).toSorted(),
        );
        const passed = once.filter(({ status }) => status === 'passed');
        expect(passed).toHaveLength(run.sums.passed);
        expect(once.filter(({ status }) => status === undefined)).toHaveLength(run.sums.notRun);
      }),
      { numRuns: 30 },
    );
  });
});
