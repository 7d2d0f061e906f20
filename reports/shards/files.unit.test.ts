import {
  existsSync,
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
import AllureReporter from 'allure-vitest/reporter';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JUnitReporter, type Reporter } from 'vitest/node';
import { Suites } from '../../helpers/run/suites.ts';
import { defaultTimeouts } from '../../helpers/timeouts.ts';
import { writeJunit } from '../junit.ts';
import { Ledger } from '../ledger.ts';
import { outputs } from '../outputs.ts';
import { sampleRun } from '../regression/sample-runs.ts';
import { RunReporter } from '../reporter.ts';
import type { CaseResult, Shard } from '../run.ts';
import { mergeFiles } from './files.ts';
import { mergeShards, type ShardRun } from './merge.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const { target } = sampleRun(0, {});

/** The suites' own settings, but for what has to be bundled first: samples import nothing but vitest. */
const config = `
import all from '${project}vitest.config.ts';
const suites = all.test.projects.find(({ test }) => test.name === 'suites').test;
export default { test: { projects: [{ test: { ...suites, deps: {} } }] } };
`;

const head = "import { expect, test } from 'vitest';\n";
const samples: Record<string, string> = {
  'a/one.test.ts': `${head} test('good', () => {}); test('bad <&>', () => expect(1).toBe(2));`,
  'a/two.test.ts': `${head} test('good', () => {});`,
  'b/three.test.ts': `${head} test('unfit', ({ skip }) => skip('it has no such feature')); test('good', () => {});`,
  'b/four.test.ts': "throw new Error('no suite');",
  'b/five.test.ts': `${head} test('other', () => {});`,
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'conformance-shards-'));
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'vitest.config.ts'), config);
  for (const [path, text] of Object.entries(samples)) write(join(root, 'suites', path), text);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Runs the samples, or a shard of them, as a session does. */
async function run(shard: Shard | undefined, filters: string[] = []): Promise<ShardRun> {
  const from = join(root, shard ? `shard-${shard.index}` : 'whole');
  const id = `mw0000000${shard?.index ?? 0}`;
  const ledger = new Ledger();
  const suites = await Suites.open(
    root,
    [
      new RunReporter({
        ledger,
        filters,
        rerun: (name) => `npm test -- ${name}`,
        excuse: () => undefined,
        told: () => {},
      }),
      new JUnitReporter({ outputFile: join(from, outputs.junitDraft), addFileAttribute: true }),
      new AllureReporter({
        resultsDir: join(from, outputs.allure),
        environmentInfo: { run: id },
      }) as Reporter,
    ],
    { filters, shard },
  );
  try {
    for (const known of suites.selected(filters)) ledger.select(known);
    for (const [broken, reason] of suites.broken) ledger.explain(broken, reason);
    const skips = { named: [], unsupported: 'always' as const, provisional: true };
    const reach = { way: 'loadbalancer', why: 'it was asked for' } as const;
    await suites.run(filters, {
      target: { ...target, kubeconfig: '/nowhere' },
      run: { id, timeouts: defaultTimeouts, reach, out: from, skips, known: [] },
    });
    const now = new Date();
    const selected = suites.catalogue(filters).length;
    const heading = { id, startedAt: now, readyAt: now, filters, target };
    const ended = ledger.run({ ...heading, ...(shard && { shard: { ...shard, selected } }) });
    writeJunit(ended, from);
    return { from, run: ended };
  } finally {
    await suites.close();
  }
}

const shardsOf = async (count: number, filters?: string[]): Promise<ShardRun[]> => {
  const parts: ShardRun[] = [];
  for (let index = 1; index <= count; index++) parts.push(await run({ index, count }, filters));
  return parts;
};

const verdicts = (cases: CaseResult[]) => cases.map(({ id, verdict, reason }) => [id, verdict, reason]);

/** Suite file and title of each case, with what became of it. */
function junitCases(folder: string): string[] {
  const text = readFileSync(join(folder, outputs.junit), 'utf8');
  const cases = [
    ...text.matchAll(/<testcase [^>]*?file="([^"]*)" name="([^"]*)"[^>]*?(?:\/>|>([^]*?)<\/testcase>)/g),
  ];
  return cases
    .map(
      ([, file, name, inner = '']) =>
        `${file} ${name} ${/<(failure|error|skipped)/.exec(inner)?.[1] ?? 'passed'}`,
    )
    .toSorted();
}

/** Name and status of each result. */
function allureCases(folder: string): string[] {
  const results = join(folder, outputs.allure);
  return readdirSync(results)
    .filter((name) => name.endsWith('-result.json'))
    .map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')))
    .map(({ fullName, status }) => `${fullName} ${status}`)
    .toSorted();
}

describe('the shards of a run', { timeout: 60_000 }, () => {
  test.for([1, 2, 5])('%i of them, merged, are what one run is', async (count) => {
    const whole = await run(undefined);
    const parts = await shardsOf(count);
    for (const [at, { run: each }] of parts.entries()) {
      expect(each.cases.length, `shard ${at + 1}`).toBeGreaterThan(0);
    }
    const merged = mergeShards(parts);
    expect(verdicts(merged.cases)).toEqual(verdicts(whole.run.cases));
    expect(merged.sums).toEqual(whole.run.sums);
    expect(merged.sums).toEqual({ selected: 7, passed: 4, failed: 1, skipped: 1, notRun: 1 });
    expect(merged.errors).toEqual(whole.run.errors);

    const out = join(root, 'out');
    mergeFiles(parts, out);
    expect(junitCases(out)).toEqual(junitCases(whole.from));
    expect(junitCases(out)).toHaveLength(whole.run.cases.length);
    expect(readFileSync(join(out, outputs.junit), 'utf8')).toMatch(
      /<testsuites [^>]*tests="7" failures="1" errors="1" skipped="1"/,
    );
    expect(allureCases(out)).toEqual(allureCases(whole.from));
  });

  test('are of the files that the filters select', async () => {
    const parts = await shardsOf(2, ['good']);
    expect(parts.map(({ run: { cases } }) => new Set(cases.map(({ file }) => file)).size).toSorted()).toEqual(
      [1, 2],
    );
    expect(mergeShards(parts).cases.map(({ id }) => id)).toEqual([
      'a/one/good',
      'a/two/good',
      'b/three/good',
    ]);
  });
});

/** What two shards left that passed one case each. */
function leave(): ShardRun[] {
  return [1, 2].map((index) => {
    const from = join(root, `shard-${index}`);
    write(
      join(from, outputs.junit),
      `<testsuites tests="1" failures="0" errors="0" time="1"><testsuite/></testsuites>`,
    );
    write(join(from, outputs.allure, `${index}-result.json`), '{}');
    write(join(from, outputs.allure, `${index}-attachment.png`), `of ${index}`);
    write(join(from, outputs.allure, 'environment.properties'), `run=${index}`);
    write(join(from, outputs.evidence, `area/case-${index}/objects.yaml`), `of ${index}`);
    write(join(from, outputs.screenshots, `case-${index}.png`), `of ${index}`);
    const shard = { index, count: 2, selected: 2 };
    return { from, run: sampleRun(1, { [`case-${index}`]: 'passed' }, { shard }) };
  });
}

test('evidence, screenshots and results of all shards are put together, and nothing of an earlier run stays', () => {
  const out = join(root, 'out');
  write(join(out, outputs.evidence, 'area/earlier/objects.yaml'), 'old');
  write(join(out, outputs.run), '{}');
  mergeFiles(leave(), out);
  for (const index of [1, 2]) {
    expect(readFileSync(join(out, outputs.evidence, `area/case-${index}/objects.yaml`), 'utf8')).toBe(
      `of ${index}`,
    );
    expect(readFileSync(join(out, outputs.screenshots, `case-${index}.png`), 'utf8')).toBe(`of ${index}`);
    expect(existsSync(join(out, outputs.allure, `${index}-result.json`))).toBe(true);
    expect(readFileSync(join(out, outputs.allure, `${index}-attachment.png`), 'utf8')).toBe(`of ${index}`);
  }
  expect(readFileSync(join(out, outputs.allure, 'environment.properties'), 'utf8')).toBe('run=1');
  expect(existsSync(join(out, outputs.evidence, 'area/earlier'))).toBe(false);
  expect(existsSync(join(out, outputs.run))).toBe(false);
});

test.for<[string, (shard: string) => void, string]>([
  ['no JUnit report', (shard) => rmSync(join(shard, outputs.junit)), 'read the JUnit report'],
  [
    'no Allure results',
    (shard) => rmSync(join(shard, outputs.allure), { recursive: true }),
    '0 results, and 1 cases',
  ],
  [
    'half a result',
    (shard) => write(join(shard, outputs.allure, '2-result.json'), '{"a'),
    '2-result.json is no JSON',
  ],
])('a shard with %s is refused, and what is there stays', ([, spoil, sentence]) => {
  const out = join(root, 'out');
  write(join(out, outputs.run), '{}');
  const parts = leave();
  spoil(join(root, 'shard-2'));
  expect(() => mergeFiles(parts, out)).toThrow(sentence);
  expect(existsSync(join(out, outputs.run))).toBe(true);
});

test('the shards are not put together in the folder of one of them', () => {
  const parts = leave();
  expect(() => mergeFiles(parts, `${join(root, 'shard-2')}/`)).toThrow('it is the folder of one of them');
});
