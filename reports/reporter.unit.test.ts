import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOMParser } from '@xmldom/xmldom';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JUnitReporter } from 'vitest/node';
import type { Target } from '../cluster/target.ts';
import { Suites } from '../helpers/run/suites.ts';
import { defaultTimeouts } from '../helpers/timeouts.ts';
import { writeJunit } from './junit.ts';
import { Ledger, succeeded } from './ledger.ts';
import { outputs } from './outputs.ts';
import { RunReporter } from './reporter.ts';
import type { Run, Verdict } from './run.ts';
import { failureLines, sumLine } from './terminal.ts';
import { complaints, writeRun } from './write.ts';

const skips = { named: [], unsupported: 'always' as const, provisional: true };
const project = fileURLToPath(new URL('..', import.meta.url));

/** The suites' own settings, but for what has to be bundled first: samples import nothing but vitest. */
const config = `
import all from '${project}vitest.config.ts';
const suites = all.test.projects.find(({ test }) => test.name === 'suites').test;
export default { test: { projects: [{ test: { ...suites, deps: {} } }] } };
`;

const target = {
  kind: 'existing',
  kubeconfig: '/nowhere',
  context: 'sample',
  gatewayClass: 'istio',
  imageSource: 'unknown',
  versions: {
    kubernetes: 'v1.36.3',
    gatewayApi: { version: 'v1.6.3', channel: 'experimental' },
    implementation: 'istio 1.31',
  },
  features: { supported: ['Gateway', 'HTTPRoute'], source: '--features', untestable: [] },
  implementation: {},
} as const satisfies Target;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'conformance-sample-'));
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'vitest.config.ts'), config);
});
afterEach(() => rmSync(root, { recursive: true }));

interface Outcome {
  run: Run;
  /** Case ids, as they were told while the run went on. */
  told: string[];
  junit: string;
}

/** Runs sample suites, by path below suites/, in a vitest of their own. */
async function runSamples(
  files: Record<string, string>,
  {
    filters = [],
    excuse,
    interrupt,
  }: {
    filters?: string[];
    excuse?: string | undefined;
    interrupt?: (told: string[]) => boolean;
  } = {},
): Promise<Outcome> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, 'suites', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const ledger = new Ledger();
  const told: string[] = [];
  const reporter = new RunReporter({
    ledger,
    filters,
    rerun: (id) => `npm test -- ${id}`,
    excuse: () => excuse,
    told: ({ id }) => {
      told.push(id);
      if (!interrupt?.(told)) return;
      ledger.interrupt('SIGINT');
      void suites.cancel();
    },
  });
  const draft = join(root, outputs.junitDraft);
  const suites = await Suites.open(root, [
    reporter,
    new JUnitReporter({ outputFile: draft, addFileAttribute: true }),
  ]);
  try {
    for (const known of suites.selected(filters)) ledger.select(known);
    for (const [id, reason] of suites.broken) ledger.explain(id, reason);
    const id = '0123456789';
    const reach = { way: 'loadbalancer', why: 'it was asked for' } as const;
    await suites.run(filters, {
      target,
      run: { id, timeouts: defaultTimeouts, reach, out: root, skips, known: [] },
    });
    const { kubeconfig: _, ...reported } = target;
    const now = new Date();
    const run = ledger.run({ id, startedAt: now, readyAt: now, filters, target: reported });
    writeJunit(run, root);
    return { run, told, junit: readFileSync(join(root, outputs.junit), 'utf8') };
  } finally {
    await suites.close();
  }
}

const head = "import { afterAll, beforeAll, describe, expect, test } from 'vitest';\n";
const facts =
  "{ meta: { conformance: { official: 'HTTPRouteExact', dialect: 'ingress', features: ['HTTPRoute'] } } }";

/** Fails the run when it is run at all. */
const stray = "async () => { void Promise.reject(new Error('stray')); await new Promise(setImmediate); }";

/** Long enough for vitest to report what it has so far, at least every 100 ms. */
const late = 'await new Promise((resolve) => setTimeout(resolve, 300));';

interface Scenario {
  files: Record<string, string>;
  filters?: string[];
  /** Why what fails is not judged. */
  excuse?: string;
  /** Verdict and a part of the reason, by case id. */
  cases: Record<string, Verdict | [Verdict, string]>;
  /** Parts of the errors outside of cases. */
  errors?: string[];
  last: string;
}

const scenarios: Record<string, Scenario> = {
  'a run in which all pass': {
    files: {
      'area/one.test.ts': `${head} test('a b', () => {}); describe('in C', () => { test('D!', () => {}); });`,
      'area/two.test.ts': `${head} test('a b', () => {});`,
    },
    cases: { 'area/one/a-b': 'passed', 'area/one/in-c-d': 'passed', 'area/two/a-b': 'passed' },
    last: '3 passed, 0 failed, 0 skipped',
  },
  'a case that fails': {
    files: {
      'one.test.ts': `${head} test('good', () => {}); test('bad', () => { expect(404).toBe(200); });`,
    },
    cases: { 'one/good': 'passed', 'one/bad': ['failed', 'expected 404 to be 200'] },
    last: '1 passed, 1 failed, 0 skipped',
  },
  'a case that the API server did not answer': {
    files: {
      'one.test.ts': `${head} test('bad', () => { throw Object.assign(new Error('get Gateway: no answer'), { name: 'ApiError', away: true }); });`,
    },
    cases: { 'one/bad': ['not-run', 'not judged: get Gateway: no answer'] },
    last: '0 passed, 0 failed, 0 skipped',
  },
  'a case whose turn another run has': {
    files: {
      'one.test.ts': `${head} test('bad', () => { throw Object.assign(new Error('run other has it'), { name: 'TurnTaken' }); });`,
    },
    cases: { 'one/bad': ['not-run', 'not judged: run other has it'] },
    last: '0 passed, 0 failed, 0 skipped',
  },
  'a case that failed while the API server was away': {
    files: {
      'one.test.ts': `${head} test('good', () => {}); test('bad', () => { expect(404).toBe(200); });`,
    },
    excuse: 'the API server did not answer',
    cases: {
      'one/good': 'passed',
      'one/bad': ['not-run', 'not judged: the API server did not answer; it got: 404'],
    },
    last: '1 passed, 0 failed, 0 skipped',
  },
  'a case that failed when somebody deleted what it stands on': {
    files: {
      'one.test.ts': `${head} test('bad', ({ task }) => { task.meta.conformance = { features: [], excuse: 'Pod a/b was deleted', failure: { got: 'expected 404 to be 200', evidence: [] } }; expect(404).toBe(200); });`,
    },
    cases: { 'one/bad': ['not-run', 'not judged: Pod a/b was deleted; it got: expected 404 to be 200'] },
    last: '0 passed, 0 failed, 0 skipped',
  },
  'cases that are skipped, with and without a reason': {
    files: {
      'one.test.ts': `${head} test('asked', ({ skip }) => skip('no HTTPRouteRetry here')); test.skip('marked', () => {});`,
    },
    cases: {
      'one/asked': ['skipped', 'no HTTPRouteRetry here'],
      'one/marked': ['skipped', 'without a reason'],
    },
    last: '0 passed, 0 failed, 2 skipped',
  },
  'a file whose import fails': {
    files: {
      'bad.test.ts': `${head} import './absent.ts'; test('first', () => {}); test('second', () => {});`,
      'good.test.ts': `${head} test('passes', () => {});`,
    },
    cases: {
      'bad/first': ['not-run', 'did not load: Cannot find module'],
      'bad/second': ['not-run', 'did not load: Cannot find module'],
      'good/passes': 'passed',
    },
    errors: ['absent.ts'],
    last: '1 passed, 0 failed, 0 skipped',
  },
  'a file that is no TypeScript': {
    files: { 'bad.test.ts': `${head} test('first', () => {` },
    cases: { bad: ['not-run', 'did not load'] },
    errors: ['PARSE_ERROR'],
    last: '0 passed, 0 failed, 0 skipped',
  },
  'a file that holds no case': {
    files: { 'empty.test.ts': 'export {};', 'good.test.ts': `${head} test('passes', () => {});` },
    cases: { empty: ['not-run', 'holds no case'], 'good/passes': 'passed' },
    errors: ['No test suite found'],
    last: '1 passed, 0 failed, 0 skipped',
  },
  'a set-up for all that fails': {
    files: {
      'one.test.ts': `${head} beforeAll(() => { throw new Error('no gateway'); }); test('a', () => {}); test('b', () => {});`,
      'two.test.ts': `${head} test('c', () => {}); describe('g', () => { 
        beforeAll(async () => { ${late} throw new Error('no pods'); }); test('d', () => {}); afterAll(async () => { ${late} }); });`,
    },
    cases: {
      'one/a': ['not-run', 'set-up failed: no gateway'],
      'one/b': ['not-run', 'set-up failed: no gateway'],
      'two/c': 'passed',
      'two/g-d': ['not-run', 'set-up failed: no pods'],
    },
    errors: ['no gateway', 'no pods'],
    last: '1 passed, 0 failed, 0 skipped',
  },
  'fixtures that fail to set up or to clean up': {
    files: {
      'one.test.ts': `${head}
        const it = test.extend({
          broken: async ({}, use) => { throw new Error('quota exceeded'); },
          sticky: async ({}, use) => { await use(1); throw new Error('finalizer stays'); },
          shared: [async ({}, use) => { throw new Error('no class'); }, { scope: 'file' }],
        });
        it('a', ({ broken }) => {}); it('b', ({ sticky }) => {}); it('c', ({ shared }) => {}); it('d', ({ shared }) => {});
        it('e', () => {});`,
    },
    cases: {
      'one/a': ['failed', 'quota exceeded'],
      'one/b': ['failed', 'finalizer stays'],
      'one/c': ['failed', 'no class'],
      'one/d': ['failed', 'no class'],
      'one/e': 'passed',
    },
    last: '1 passed, 4 failed, 0 skipped',
  },
  'a clean-up for all that fails': {
    files: {
      'one.test.ts': `${head} afterAll(() => { throw new Error('left behind'); }); test('a', () => {});`,
    },
    cases: { 'one/a': 'passed' },
    errors: ['left behind'],
    last: '1 passed, 0 failed, 0 skipped',
  },
  'an error that nobody awaits': {
    files: {
      'one.test.ts': `${head} test('a', ${stray});`,
    },
    cases: { 'one/a': 'passed' },
    errors: ['stray'],
    last: '1 passed, 0 failed, 0 skipped',
  },
  'filters by title, id, file and official name, in any case': {
    files: {
      'area/one.test.ts': `${head} test('Answers ANY host', () => {}); test('other', () => {}); test('mirror', ${facts}, () => {});`,
      'area/two.test.ts': `${head} test('one', () => {}); test('two', ${stray});`,
      'area/three.test.ts': `${head} test('a', () => {}); test('b', () => {});`,
      'area/four.test.ts': `${head} test('a', ${stray});`,
    },
    filters: ['answers any', 'AREA/TWO/ONE', 'three.test.ts', 'httprouteexact'],
    cases: {
      'area/one/answers-any-host': 'passed',
      'area/one/mirror': 'passed',
      'area/two/one': 'passed',
      'area/three/a': 'passed',
      'area/three/b': 'passed',
    },
    last: '5 passed, 0 failed, 0 skipped',
  },
  'a filter beside which another file does not load': {
    files: {
      'bad.test.ts': `${head} import './absent.ts'; test('x', () => {});`,
      'good.test.ts': `${head} test('y', () => {});`,
    },
    filters: ['good'],
    cases: { 'good/y': 'passed' },
    last: '1 passed, 0 failed, 0 skipped',
  },
};

describe('the account of a run', () => {
  test.for(Object.entries(scenarios))('%s', { timeout: 60_000 }, async ([, scenario]) => {
    const { files, filters = [], excuse, cases, errors = [], last } = scenario;
    const { run, told, junit } = await runSamples(files, { filters, excuse });

    const verdicts = run.cases.map(({ id, verdict, reason }) => [id, { verdict, reason: reason ?? '' }]);
    const wanted = Object.entries(cases).map(([id, said]) => {
      const [verdict, reason] = typeof said === 'string' ? [said, ''] : said;
      return [id, { verdict, reason: expect.stringContaining(reason) }];
    });
    expect(Object.fromEntries(verdicts)).toEqual(Object.fromEntries(wanted));
    expect(run.errors.map(({ message }) => message)).toEqual(
      expect.arrayContaining(errors.map((part) => expect.stringContaining(part))),
    );
    expect(run.errors.length > 0).toBe(errors.length > 0);
    expectHonest(run);
    expect(succeeded(run)).toBe(
      errors.length === 0 && Object.values(cases).every((said) => said === 'passed' || said[0] === 'skipped'),
    );
    expect(sumLine(run)).toBe(last);
    expect(new Set(told).size).toBe(told.length);
    expect(told).toEqual(expect.arrayContaining(judged(run)));
    expectSame(junit, run);
  });
});

const judged = ({ cases }: Run): string[] =>
  cases.filter(({ verdict }) => verdict !== 'not-run').map(({ id }) => id);

/** The sums add up, every case is there once, and the file is as its schema says. */
function expectHonest(run: Run): void {
  const { selected, passed, failed, skipped, notRun } = run.sums;
  expect(passed + failed + skipped + notRun).toBe(selected);
  expect(run.cases).toHaveLength(selected);
  expect(new Set(run.cases.map(({ id }) => id)).size).toBe(selected);
  expect(complaints(run)).toEqual([]);
}

/** JUnit has the cases of the run, each once, each with its verdict, and sums that say so. */
function expectSame(junit: string, { cases, sums }: Run): void {
  const { documentElement } = new DOMParser().parseFromString(junit, 'text/xml');
  const told = [...(documentElement?.getElementsByTagName('testcase') ?? [])].map((element) => {
    const outcomes = [...element.childNodes].map(({ nodeName }) => nodeName);
    const [outcome = 'passed'] = outcomes.filter((name) => /failure|error|skipped/.test(name));
    return `${element.getAttribute('file')} ${element.getAttribute('name')?.replaceAll(' > ', ' › ')}: ${outcome}`;
  });
  const words = { passed: 'passed', failed: 'failure', skipped: 'skipped', 'not-run': 'error' };
  expect(told.toSorted()).toEqual(
    cases.map(({ file, title, verdict }) => `${file} ${title}: ${words[verdict]}`).toSorted(),
  );
  const [tests, failures, errors, skipped] = ['tests', 'failures', 'errors', 'skipped'].map((name) =>
    Number(documentElement?.getAttribute(name)),
  );
  expect({ tests, failures, errors, skipped }).toEqual({
    tests: sums.selected,
    failures: sums.failed,
    errors: sums.notRun,
    skipped: sums.skipped,
  });
}

test('an interrupted run keeps what was judged, and nothing of it fails for that', {
  timeout: 60_000,
}, async () => {
  const files = {
    'area/one.test.ts': `${head}
      test('quick', () => {});
      test('heeds', ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
      test('is deaf', () => new Promise(() => {}));
      describe('in turn', { concurrent: false }, () => {
        test('first', () => {});
        test('second', () => {});
      });`,
    // nothing but force ends this one
    'area/two.test.ts': `${head} test('is stuck', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));`,
  };
  const { run, junit } = await runSamples(files, { interrupt: (told) => told.includes('area/one/quick') });
  expectHonest(run);
  expectSame(junit, run);
  expect(run.interrupted).toBe('SIGINT');
  expect(succeeded(run)).toBe(false);
  const verdicts = Object.fromEntries(run.cases.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toEqual({
    'area/one/heeds': 'not-run',
    'area/one/in-turn-first': 'not-run',
    'area/one/in-turn-second': 'not-run',
    'area/one/is-deaf': 'not-run',
    'area/one/quick': 'passed',
    'area/two/is-stuck': 'not-run',
  });
  const reasons = Object.fromEntries(run.cases.map(({ id, reason }) => [id, reason]));
  expect(reasons).toMatchObject({
    'area/one/heeds': 'interrupted by SIGINT while it ran',
    'area/one/in-turn-first': 'interrupted by SIGINT before it ran',
    'area/one/in-turn-second': 'interrupted by SIGINT before it ran',
    'area/one/is-deaf': 'interrupted by SIGINT while it ran',
    // it may have got stuck before it could say that it runs
    'area/two/is-stuck': expect.stringMatching(/^interrupted by SIGINT/),
  });
  expect(failureLines(run, 'reports/out').join('\n')).toContain('5 of 6 selected cases were not run');
});

test('two cases of one id are refused before anything runs', { timeout: 60_000 }, async () => {
  const files = { 'one.test.ts': `${head} test('GET /Status', () => {}); test('GET /status', () => {});` };
  await expect(runSamples(files)).rejects.toThrow(
    'two cases have the id one/get-status: "GET /Status" and "GET /status"',
  );
});

test('a failure is explained by its notes, else by the fields of its error', {
  timeout: 60_000,
}, async () => {
  const problem = `import { Problem } from '${project}cluster/problem.ts';`;
  const files = {
    'one.test.ts': `${head} ${problem}
      test('noted', ({ task }) => {
        task.meta.conformance = { dialect: 'gateway-api', features: [], milestones: { created: 1 }, attempts: 7,
          failure: { expected: '200', got: '404', cause: 'no route', evidence: ['evidence/x.yaml'], repro: 'curl x' } };
        throw new Error('404 instead of 200');
      });
      test('a problem', () => {
        throw new Problem({ asked: 'reach 10.0.0.1', got: 'no answer', cause: 'no way there', next: 'minikube tunnel' });
      });
      test('plain', () => { expect('a').toBe('b'); });`,
  };
  const { run } = await runSamples(files);
  const byId = Object.fromEntries(run.cases.map((one) => [one.id, one]));
  expect(byId['one/noted']).toMatchObject({
    reason: '404 instead of 200',
    milestones: { created: 1 },
    attempts: 7,
    expected: '200',
    got: '404',
    cause: 'no route',
    evidence: ['evidence/x.yaml'],
    repro: 'curl x',
  });
  expect(byId['one/a-problem']).toMatchObject({
    expected: 'reach 10.0.0.1',
    got: 'no answer',
    cause: 'no way there; next: minikube tunnel',
    evidence: [],
    repro: 'npm test -- one/a-problem',
  });
  expect(byId['one/plain']).toMatchObject({ expected: 'b', got: 'a', repro: 'npm test -- one/plain' });
  expectHonest(run);
});

test('no suite file, or no case for the filters, selects nothing', { timeout: 60_000 }, async () => {
  const none = await Suites.open(root, []);
  expect(none.selected([])).toEqual([]);
  await none.close();
});

test('run.json replaces an earlier one whole, and is refused when it is not valid', async () => {
  const { run } = await runSamples({ 'one.test.ts': `${head} test('a', () => {});` });
  writeFileSync(join(root, 'run.json'), 'x'.repeat(100_000));
  writeRun(run, root, []);
  expect(JSON.parse(readFileSync(join(root, 'run.json'), 'utf8'))).toEqual(run);
  expect(readdirSync(root).filter((name) => name.startsWith('run.json'))).toEqual(['run.json']);
  mkdirSync(join(root, 'taken/run.json'), { recursive: true });
  expect(() => writeRun(run, join(root, 'taken'), [])).toThrow('EISDIR');
  expect(readdirSync(join(root, 'taken'))).toEqual(['run.json']);
  const wrong = { ...run, cases: [{ ...run.cases[0], verdict: 'failed' } as Run['cases'][number]] };
  expect(() => writeRun(wrong, root, [])).toThrow("/cases/0 must have required property 'expected'");
  expect(JSON.parse(readFileSync(join(root, 'run.json'), 'utf8'))).toEqual(run);
});

test('what lets somebody in is in no report: not in run.json, not in junit.xml, not in the history', {
  timeout: 60_000,
}, async () => {
  const marker = 'mArKeR-5c2d';
  const { run, junit } = await runSamples({
    'one.test.ts': `${head}
      test('noted', ({ task }) => {
        task.meta.conformance = { dialect: 'gateway-api', features: [], milestones: {}, attempts: 1,
          steps: [{ asked: 'GET / (authorization: Bearer ${marker})', got: 'it saw cookie: a=${marker}' }],
          failure: { expected: 'it sees authorization: Basic ${marker}', got: 'returned set-cookie: a=${marker}',
            cause: 'no', evidence: [], repro: "curl --header 'Authorization: Bearer ${marker}' 'http://a/'" } };
        throw new Error('got {"Authorization": ["Bearer ${marker}"]}');
      });
      test('compared', () => {
        console.log('Authorization: Bearer ${marker}');
        expect({ headers: { authorization: 'Bearer ${marker}' } }).toEqual({ headers: { cookie: 'a=${marker}' } });
      });
      test('a key', () => { throw new Error('-----BEGIN PRIVATE KEY-----\\n${marker}\\n-----END PRIVATE KEY-----'); });`,
  });
  expect(run.sums).toMatchObject({ selected: 3, failed: 3 });
  // what the history has is made of the run
  expect(JSON.stringify(run)).not.toContain(marker);
  expect(junit).toContain('Authorization');
  expect(junit).not.toContain(marker);
  expectHonest(run);
});
