import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadKubeconfig } from './kubeconfig.ts';
import { kubeconfigFor } from './testdata/api-server.ts';

const API_VERSION = 'client.authentication.k8s.io/v1';
const server = 'https://prod.example.com:6443';

/** Credentials by a plugin that notes each of its runs and what it was told, then does what the script says. */
function plugin(script: string, more: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const told = join(folder, 'told');
  const args = ['-c', `echo "$KUBERNETES_EXEC_INFO" >> ${told}; ${script}`];
  const user = { exec: { apiVersion: API_VERSION, command: 'sh', args, interactiveMode: 'Never', ...more } };
  const config = loadKubeconfig(kubeconfigFor(server, { user }));
  const runs = () =>
    readFileSync(told, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const apply = async () => {
    const options: { headers?: Record<string, string>; cert?: string; key?: string } = {};
    await config.applyToHTTPSOptions(options);
    return { authorization: options.headers?.Authorization, cert: options.cert, key: options.key };
  };
  return { apply, runs };
}

const gives = (status: object) =>
  `echo '${JSON.stringify({ kind: 'ExecCredential', apiVersion: API_VERSION, status })}'`;

test('a token becomes the authorization; requests that start together share one run', async () => {
  const { apply, runs } = plugin(gives({ token: 'abc' }));
  const all = await Promise.all([apply(), apply(), apply()]);
  expect(all.map(({ authorization }) => authorization)).toEqual(
    Array.from({ length: 3 }, () => 'Bearer abc'),
  );
  expect(runs()).toHaveLength(1);
});

test('a certificate becomes the client certificate', async () => {
  const { apply } = plugin(gives({ clientCertificateData: 'CERT', clientKeyData: 'KEY' }));
  expect(await apply()).toEqual({ authorization: undefined, cert: 'CERT', key: 'KEY' });
});

test.for([
  { when: 'it has expired', expirationTimestamp: '2020-01-01T00:00:00Z', expected: 2 },
  { when: 'it has not', expirationTimestamp: '2120-01-01T00:00:00Z', expected: 1 },
])(
  'asked again when $when, the plugin has run $expected times',
  async ({ expirationTimestamp, expected }) => {
    const { apply, runs } = plugin(gives({ token: 'abc', expirationTimestamp }));
    await apply();
    await Promise.all([apply(), apply()]);
    expect(runs()).toHaveLength(expected);
  },
);

test('a plugin that failed is run again', async () => {
  const { apply, runs } = plugin('echo "not logged in" >&2; exit 1');
  await expect(apply()).rejects.toMatchObject({ kind: 'failed', message: 'not logged in' });
  await expect(apply()).rejects.toThrow('not logged in');
  expect(runs()).toHaveLength(2);
});

test('it is told what kubectl tells it; about the cluster when it asks for that', async () => {
  const discreet = plugin(gives({ token: 'abc' }));
  await discreet.apply();
  expect(discreet.runs()).toEqual([
    { apiVersion: API_VERSION, kind: 'ExecCredential', spec: { interactive: false } },
  ]);
  const curious = plugin(gives({ token: 'abc' }), { provideClusterInfo: true });
  await curious.apply();
  expect(curious.runs()).toMatchObject([{ spec: { cluster: { server } } }]);
});

test('a command with a slash counts from the folder of the kubeconfig', async () => {
  const connection = kubeconfigFor(server, {
    user: { exec: { apiVersion: API_VERSION, command: './bin/login' } },
  });
  await expect(loadKubeconfig(connection).applyToHTTPSOptions({})).rejects.toMatchObject({
    kind: 'absent',
    message: `spawn ${join(connection.kubeconfig, '..', 'bin/login')} ENOENT`,
  });
});

test('its environment is ours and what the kubeconfig adds', async () => {
  vi.stubEnv('PLUGIN_OURS', 'ours');
  onTestFinished(() => void vi.unstubAllEnvs());
  const script = `echo '{"status":{"token":"'$PLUGIN_TEST-$PLUGIN_OURS'"}}'`;
  const { apply } = plugin(script, { env: [{ name: 'PLUGIN_TEST', value: 'added' }] });
  expect((await apply()).authorization).toBe('Bearer added-ours');
});

test('one that asks a question meets the end of its input', async () => {
  const { apply } = plugin('read answer || { echo "no terminal to ask" >&2; exit 1; }');
  await expect(apply()).rejects.toThrow('no terminal to ask');
});

test.for([
  { output: 'hello', says: 'its output is not an ExecCredential: hello' },
  { output: '{}', says: 'its output is not an ExecCredential: {}' },
  { output: '', says: 'its output is not an ExecCredential: nothing' },
])('output "$output" is no credential', async ({ output, says }) => {
  await expect(plugin(`printf '%s' '${output}'`).apply()).rejects.toMatchObject({
    kind: 'failed',
    message: says,
  });
});
