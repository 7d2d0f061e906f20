import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { pins } from '../cluster/pins.ts';
import { nightlyTargets } from '../reports/nightly/targets.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const texts = new Map(
  globSync('.github/{workflows/*.yml,actions/*/action.yml}', { cwd: root }).map((file) => [
    file,
    readFileSync(join(root, file), 'utf8'),
  ]),
);
const workflows = [...texts]
  .filter(([file]) => file.includes('/workflows/'))
  .map(([file, text]) => [file, parse(text)]);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-workflows-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** npm run workflows with these arguments. */
function command(...args: string[]): { code: number | null; out: string; err: string } {
  const program = fileURLToPath(new URL('workflows.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: folder },
  });
  return { code: status, out: stdout, err: stderr };
}

describe('the workflows', () => {
  test.for([...texts])(
    '%s uses actions of others by the hash of a commit, and says of which release',
    ([, text]) => {
      const uses = [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, what = '']) => what);
      for (const what of uses)
        expect(what).toMatch(/^(\.\/\.github\/\S+|[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
    },
  );

  test.for([...texts])(
    '%s has no expression in its commands, which would be run as it stands',
    ([, text]) => {
      const all = JSON.stringify(parse(text), (key, value) =>
        key === 'run' && typeof value === 'string' && value.includes('${{') ? { bad: value } : value,
      );
      expect(all).not.toContain('"bad"');
    },
  );

  test.for(workflows)(
    '%s may only read but where a job says more, and ends in time',
    ([, { permissions, jobs }]) => {
      expect(permissions).toEqual({ contents: 'read' });
      const endless = Object.entries<Record<string, unknown>>(jobs).filter(
        ([, job]) => !('uses' in job) && !(Number(job['timeout-minutes']) > 0),
      );
      expect(endless).toEqual([]);
    },
  );

  test('take kind and Istio in the pinned versions, of which the nightly tests one', () => {
    const suites = parse(texts.get('.github/workflows/suites.yml') ?? '');
    expect(suites.jobs.shard.env).toEqual({ KIND: pins.kind, PINNED_ISTIO: pins.istio.release });
    const { with: pull } = parse(texts.get('.github/workflows/pull-request.yml') ?? '').jobs.suites;
    const targets = nightlyTargets(join(root, '.github/nightly.json'));
    expect(targets).toContainEqual(expect.objectContaining({ istio: pins.istio.release, ...pull }));
  });

  test('run scripts that there are', () => {
    const used = [...texts.values()].flatMap((text) => [
      ...text.matchAll(/npm (?:run (?:--silent )?)?([a-z:]+)/g),
    ]);
    const names = new Set(
      used.map(([, name = '']) => name).filter((name) => name !== 'ci' && name !== 'run'),
    );
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...names]));
    expect(names).toContain('report');
  });
});

describe('npm run workflows', () => {
  test('lists each step once, and runs one with its variables', () => {
    const { out } = command('list');
    const ids = out.split('\n').filter((line) => /^\S/.test(line));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[a-z-]+(\/[a-z0-9-]+){2}$/.test(id))).toBe(true);
    const { code, err } = command('run', 'nightly/matrix/matrix');
    expect(code).toBe(0);
    const [, files = ''] = /files are in (\S+)/.exec(err) ?? [];
    const matrix = JSON.parse(readFileSync(join(files, 'GITHUB_OUTPUT'), 'utf8').replace('matrix=', ''));
    expect(matrix).toEqual(JSON.parse(readFileSync(join(root, '.github/nightly.json'), 'utf8')));
  });

  test.for<[string, string[], string]>([
    ['a step that there is not', ['nightly/issue/dance'], 'run the step nightly/issue/dance: there is none'],
    ['a step without its variables', ['nightly/issue/decide'], 'LINK=…'],
    ['half a variable', ['nightly/issue/decide', 'LINK'], 'it has no value'],
  ])('%s ends with a sentence and exit code 2', ([, args, sentence]) => {
    const { code, err } = command('run', ...args);
    expect(err).toContain(sentence);
    expect(code).toBe(2);
  });

  test('ends as the step does', () => {
    const { code, err } = command('run', 'suites/run/one-run', 'TARGET=x');
    expect(err).toContain('there is no shards/*');
    expect(code).toBe(2);
  });
});
