import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Problem } from '../problem.ts';
import { defaultKubeconfig, kubectlOptions } from './connection.ts';
import { loadKubeconfig } from './kubeconfig.ts';

function folder(files: Record<string, string>): (...names: string[]) => string {
  const root = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return (...names) => names.map((name) => join(root, name)).join(delimiter);
}

const config = (name: string, server: string, user = '{token: t}') => `
clusters: [{name: ${name}, cluster: {server: "${server}"}}]
users: [{name: ${name}, user: ${user}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
`;

function refusalOf(kubeconfig: string, context = 'a'): Problem {
  try {
    loadKubeconfig({ kubeconfig, context });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was loaded');
}

describe('what is loaded', () => {
  test('of a list the first file to name something wins, and absent files are left out', () => {
    const at = folder({
      one: config('a', 'https://one:1'),
      two: config('a', 'https://two:2') + config('b', 'https://two:2').replaceAll('\n', '\n#'),
      three: config('b', 'https://three:3'),
    });
    const kubeconfig = at('gone', 'one', 'two', 'three');
    expect(loadKubeconfig({ kubeconfig, context: 'a' }).getCurrentCluster()?.server).toBe('https://one:1');
    expect(loadKubeconfig({ kubeconfig, context: 'b' }).getCurrentCluster()?.server).toBe('https://three:3');
  });

  test('an empty file of a list is an empty configuration', () => {
    const at = folder({ empty: '', one: config('a', 'https://one:1') });
    const loaded = loadKubeconfig({ kubeconfig: at('empty', 'one'), context: 'a' });
    expect(loaded.getCurrentCluster()?.server).toBe('https://one:1');
  });

  test('paths of a file count from that file', () => {
    const user = '{client-certificate: pki/c.pem, client-key: pki/k.pem}';
    const at = folder({
      'far/config': config('a', 'https://one:1', user),
      'far/pki/c.pem': '',
      'far/pki/k.pem': '',
    });
    const loaded = loadKubeconfig({ kubeconfig: at('far/config'), context: 'a' });
    expect(loaded.getCurrentUser()).toMatchObject({
      certFile: at('far/pki/c.pem'),
      keyFile: at('far/pki/k.pem'),
    });
  });

  test('a tokenFile is read, from the folder of its file', async () => {
    const at = folder({
      config: config('a', 'https://one:1', '{tokenFile: secret/token}'),
      'secret/token': 'abc',
    });
    const options: { headers?: Record<string, string> } = {};
    await loadKubeconfig({ kubeconfig: at('config'), context: 'a' }).applyToHTTPSOptions(options);
    expect(options.headers?.Authorization).toBe('Bearer abc');
  });

  test('a context without a user still trusts the authority of its cluster', async () => {
    const at = folder({
      config: `clusters: [{name: a, cluster: {server: "https://one:1", certificate-authority: ca.pem}}]
contexts: [{name: a, context: {cluster: a}}]`,
      'ca.pem': 'the authority',
    });
    const options: { ca?: Buffer } = {};
    await loadKubeconfig({ kubeconfig: at('config'), context: 'a' }).applyToHTTPSOptions(options);
    expect(options.ca?.toString()).toBe('the authority');
  });
});

describe('what is refused', () => {
  test('no file at all', () => {
    const at = folder({});
    expect(refusalOf(at('config')).got).toBe(`there is no kubeconfig file at ${at('config')}`);
  });

  test('a folder in place of a file', () => {
    const at = folder({ 'config/file': '' });
    expect(refusalOf(at('config')).got).toContain('EISDIR');
  });

  test('a syntax error, with line and column', () => {
    const at = folder({ config: 'clusters:\n- name: a\n  cluster: {server: "https://one:1"\n' });
    expect(refusalOf(at('config'))).toMatchObject({
      got: `${at('config')}:4:1: Flow map in block collection must be sufficiently indented and end with a }`,
      cause: 'the kubeconfig is not valid YAML',
      next: expect.stringContaining(`kubectl config view --kubeconfig ${at('config')}`),
    });
  });

  test('an entry without a server', () => {
    const at = folder({ config: 'clusters: [{name: a, cluster: {}}]' });
    expect(refusalOf(at('config')).got).toBe(`${at('config')}: clusters[0].cluster.server is missing`);
  });

  test('a credential plugin without a command', () => {
    const at = folder({ config: config('a', 'https://one:1', '{exec: {apiVersion: v1}}') });
    expect(refusalOf(at('config')).got).toBe(`${at('config')}: user a: exec.command is missing`);
  });

  test('an unknown context, with those that there are', () => {
    const at = folder({
      one: config('prod', 'https://one:1'),
      two: config('stage@eu', 'https://two:2'),
      three: config('prod', 'https://three:3'),
    });
    expect(refusalOf(at('one', 'two', 'three'), 'prd')).toMatchObject({
      asked: 'connect to context "prd"',
      got: expect.stringMatching(/has no such context; it has: prod, stage@eu$/),
      next: 'npm test -- --context prod',
    });
  });

  test.for([
    {
      lacks: 'cluster',
      text: config('a', 'https://one:1').replace('{cluster: a', '{cluster: b'),
      says: 'cluster "b"',
    },
    { lacks: 'user', text: config('a', 'https://one:1').replace('user: a}', 'user: b}'), says: 'user "b"' },
  ])('a context whose $lacks is not defined', ({ text, says }) => {
    const at = folder({ config: text });
    expect(refusalOf(at('config')).got).toBe(
      `the context points to ${says}, which ${at('config')} does not define`,
    );
  });

  test('a certificate file that is gone', () => {
    const at = folder({ config: config('a', 'https://one:1', '{client-certificate: c.pem}') });
    expect(refusalOf(at('config')).got).toContain(
      `ENOENT: no such file or directory, access '${at('c.pem')}'`,
    );
  });

  test('a server that is no URL', () => {
    const at = folder({ config: config('a', '10.0.0.1') });
    expect(refusalOf(at('config')).got).toBe('the server of cluster "a" is not a URL: 10.0.0.1');
  });
});

test('commands name the kubeconfig when it is not the one kubectl takes anyway, and quote what needs it', () => {
  const context = "jane's cluster";
  expect(kubectlOptions({ kubeconfig: defaultKubeconfig(), context })).toBe(
    String.raw`--context 'jane'\''s cluster'`,
  );
  expect(kubectlOptions({ kubeconfig: '/tmp/other', context: 'a' })).toBe(
    '--kubeconfig /tmp/other --context a',
  );
});
