import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const command = fileURLToPath(new URL('test.ts', import.meta.url));
const program = readFileSync(command, 'utf8');

/** npm test with these arguments, and a KUBECONFIG that leads nowhere. */
function npmTest(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): { code: number | null; out: string; err: string } {
  const { CONFORMANCE_CONTEXT: _, ...own } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    env: { ...own, KUBECONFIG: '/nowhere/kubeconfig', ...env },
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}

describe('bad input ends npm test with a sentence and exit code 2, and no stack', { timeout: 60_000 }, () => {
  test.for<[string, string[], string, NodeJS.ProcessEnv?]>([
    ['an unknown option', ['--contxt', 'x'], "unknown option '--contxt'"],
    ['an option without its value', ['--context'], "option '--context <name>' argument missing"],
    ['a channel of another name', ['--channel', 'beta'], 'Allowed choices are standard, experimental'],
    ['an image source of another name', ['--images', 'disk'], 'Allowed choices are auto, registry, source'],
    [
      'a way of another name',
      ['--reach', 'tunnel'],
      'Allowed choices are auto, loadbalancer, nodeport, in-cluster, port-forward',
    ],
    ['a bad way from outside', [], "'CONFORMANCE_REACH'", { CONFORMANCE_REACH: 'tunnel' }],
    ['a timeout of another name', ['--timeouts', 'forever=1s'], 'there is no such timeout'],
    ['a bad timeout from outside', [], 'read the timeouts "api=fast"', { CONFORMANCE_TIMEOUTS: 'api=fast' }],
    ['a feature of another name', ['--features', 'HTTPRouteCros'], 'use one of the nearest: HTTPRouteCORS,'],
    ['one from outside', [], 'has no feature "Cros"', { CONFORMANCE_EXEMPT: 'Cros' }],
    [
      'some features and all',
      ['--features', 'TLSRoute', '--all-features'],
      "cannot be used with option '--all",
    ],
    [
      'a feature, beside an empty variable',
      ['--features', 'Cros'],
      'no feature "Cros"',
      { CONFORMANCE_ALL_FEATURES: '' },
    ],
    [
      'a shard that there is not',
      ['--shard', '3/2'],
      'it is written as 1/2: which one, from 1 on, of how many',
    ],
    [
      'a shard without a file',
      ['httproute-weight', '--shard', '2/2'],
      'whole suite files are dealt, and fewer',
    ],
    ['half an implementation', ['--implementation', 'project'], '"project"'],
    ['--provision without a cluster', ['--provision'], 'run with --provision: no --context beside it'],
    ['--gateway-class without a cluster', ['--gateway-class', 'x'], 'run with --gateway-class'],
    ['--images for an existing cluster', ['--context', 'x', '--images', 'source'], '--context x beside it'],
    [
      'a filter that selects nothing',
      ['no-such-case'],
      'run the cases that match no-such-case: there is none',
    ],
    [
      'a context without a kubeconfig',
      ['--context', 'x'],
      'there is no kubeconfig file at /nowhere/kubeconfig',
    ],
    ['such a context from outside', [], '/nowhere/kubeconfig', { CONFORMANCE_CONTEXT: 'x' }],
  ])('%s', ([, args, sentence, env]) => {
    const { code, out, err } = npmTest(args, env);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

test('--list prints id, official name, features and group of the selected cases, without a cluster', {
  timeout: 60_000,
}, () => {
  const { code, out, err } = npmTest(['--list', 'INGRESS-GATEWAYS']);
  expect(err).toBe('');
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines.toSorted()).toEqual(lines);
  for (const line of lines) {
    expect(line).toMatch(/^ingress-gateways(\/[a-z0-9-]+){2,}\t(-|[A-Z]\w+)\t(-|[A-Z]\w+(,[A-Z]\w+)*)\t-$/);
  }
});

const listed = (...args: string[]): string[] =>
  npmTest(['--list', 'httproute-re', ...args]).out.match(/^[^\t]+/gm) ?? [];

test('--list --shard deals the files of the selected cases, each to one shard', { timeout: 60_000 }, () => {
  const [one, two] = [listed('--shard', '1/2'), listed('--shard', '2/2')];
  expect([...one, ...two].toSorted()).toEqual(listed());
  const [inOne, inTwo] = [one, two].map((ids) => new Set(ids.map((id) => id.replace(/\/[^/]+$/, '')))) as [
    Set<string>,
    Set<string>,
  ];
  expect([...inOne].filter((file) => inTwo.has(file))).toEqual([]);
  expect(Math.abs(inOne.size - inTwo.size)).toBeLessThanOrEqual(1);
});

test('--help explains every option', () => {
  const { code, out } = npmTest(['--help']);
  expect(code).toBe(0);
  const options = program.match(/(?<=')--[a-z-]+/g) ?? [];
  expect(options.length).toBeGreaterThan(10);
  for (const option of options) expect(out).toContain(option);
});
