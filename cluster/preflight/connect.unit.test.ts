import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Problem } from '../problem.ts';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { kubeconfigFor, pem, serveApi } from './testdata/api-server.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const trusted = { 'certificate-authority-data': base64(pem('ca')) };
const serverPair = { cert: pem('server'), key: pem('key') };
const expiredClient = {
  'client-certificate-data': base64(pem('expired')),
  'client-key-data': base64(pem('key')),
};
const expiredToken = `${base64('{}')}.${base64('{"exp":1700000000}')}.x`;

/** What a connection was refused with, and after how many milliseconds. */
async function refusalOf(connection: Connection) {
  const start = performance.now();
  try {
    const { kube } = await connect(connection);
    await kube.close();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { asked, got, cause, next } = error;
    return { asked, got, cause, next, ms: performance.now() - start };
  }
  throw new Error('it connected');
}

/** A port of this machine; what is not closed by `talk` stays open and silent. */
async function listening(talk: (socket: Socket) => unknown = () => {}) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    talk(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: close };
}

/** A port that nothing listens on: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  using silent = await listening();
  return silent.port;
}

const plugin = (command: string, args: string[] = [], more: object = {}) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args, interactiveMode: 'Never', ...more },
});

describe('a cluster that answers', () => {
  test.for([
    { over: 'TLS', tls: serverPair, cluster: trusted },
    { over: 'plain HTTP, as kubectl proxy serves it', tls: undefined, cluster: {} },
  ])('is reached over $over', async ({ tls, cluster }) => {
    await using api = await serveApi({}, tls);
    const { kube, kubernetes, user } = await connect(
      kubeconfigFor(api.url, { cluster, user: { token: 't' } }),
    );
    await kube.close();
    expect({ kubernetes, user }).toEqual({ kubernetes: 'v1.36.3', user: 'jane' });
  });

  test('before 1.28 cannot tell the user, so the kubeconfig does', async () => {
    await using api = await serveApi({ '/apis/authentication.k8s.io/v1/selfsubjectreviews': 404 });
    const { kube, user } = await connect(kubeconfigFor(api.url));
    await kube.close();
    expect(user).toBe('u');
  });

  test('sees a credential plugin run once, however many requests follow', async () => {
    await using api = await serveApi();
    const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const log = join(folder, 'runs');
    const credential =
      '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}';
    const user = plugin('sh', ['-c', `echo run >> ${log}; echo '${credential}'`]);
    const { kube } = await connect(kubeconfigFor(api.url, { user }));
    await Promise.all(Array.from({ length: 5 }, () => kube.send('GET', '/version')));
    await kube.close();
    expect(readFileSync(log, 'utf8')).toBe('run\n');
  });
});

describe.concurrent('no answer', { timeout: 10_000 }, () => {
  test('refused', async () => {
    const server = `https://127.0.0.1:${await closedPort()}`;
    const refusal = await refusalOf(kubeconfigFor(server));
    expect(refusal).toMatchObject({
      asked: `connect to context "test" at ${server}`,
      got: expect.stringContaining('ECONNREFUSED'),
      cause: expect.stringContaining('nothing listens at that address'),
    });
  });

  test('a name that does not resolve', async () => {
    const refusal = await refusalOf(kubeconfigFor('https://no-such-cluster.invalid:6443'));
    expect(refusal.cause).toContain('does not resolve');
    expect(refusal.got).toContain('no-such-cluster.invalid');
  });

  test.for(['http', 'https'])('silence over %s, known after 5 s', async (scheme) => {
    using silent = await listening();
    const refusal = await refusalOf(kubeconfigFor(`${scheme}://127.0.0.1:${silent.port}`));
    expect(refusal.cause).toContain('packets are dropped on the way');
    expect(refusal.ms).toBeLessThan(5_500);
  });

  test('silence after the first answers, known after 5 s', async () => {
    await using api = await serveApi({ '/slow': () => new Promise(() => {}) });
    const { kube } = await connect(kubeconfigFor(api.url));
    const start = performance.now();
    await expect(kube.send('GET', '/slow')).rejects.toMatchObject({ code: 0, reason: 'TimeoutError' });
    expect(performance.now() - start).toBeLessThan(5_500);
    await kube.close();
  });

  test('a credential plugin that hangs, known after 5 s', async () => {
    await using api = await serveApi();
    const refusal = await refusalOf(kubeconfigFor(api.url, { user: plugin('sh', ['-c', 'exec sleep 8']) }));
    expect(refusal).toMatchObject({
      got: 'credential plugin sh did not finish within 5 s',
      next: "log in by running it in a terminal: sh -c 'exec sleep 8'",
    });
    expect(refusal.ms).toBeLessThan(5_500);
  });
});

describe('a TLS handshake that fails', () => {
  test.for([
    {
      why: 'an authority that is not trusted',
      serves: serverPair,
      cluster: {},
      cause: 'trusts another authority',
    },
    {
      why: 'a server certificate that has expired',
      serves: { cert: pem('expired'), key: pem('key') },
      cluster: trusted,
      cause: 'certificate of the API server has expired',
    },
    {
      why: 'a server certificate for another name',
      serves: serverPair,
      cluster: { ...trusted, 'tls-server-name': 'elsewhere.example.com' },
      cause: 'does not name this address',
    },
    {
      why: 'a port that speaks plain HTTP',
      serves: undefined,
      cluster: trusted,
      cause: 'does not speak TLS',
    },
  ])('$why', async ({ serves, cluster, cause }) => {
    await using api = await serveApi({}, serves);
    const refusal = await refusalOf(kubeconfigFor(api.url.replace('http:', 'https:'), { cluster }));
    expect(refusal.cause).toContain(cause);
  });

  test('a client certificate that is damaged', async () => {
    await using api = await serveApi({}, serverPair);
    const user = { 'client-certificate-data': base64('no certificate'), 'client-key-data': base64('no key') };
    const refusal = await refusalOf(kubeconfigFor(api.url, { cluster: trusted, user }));
    expect(refusal.cause).toContain('a certificate or key in the kubeconfig is damaged');
  });
});

/** A server that answers every first request with this code. */
const refuses = (code: number) => ({
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': code,
  '/version': code,
});

describe('refused credentials', () => {
  test.for([
    {
      who: 'a client certificate',
      user: expiredClient,
      cause: 'the client certificate expired on 2020-01-02T00:00:00.000Z',
    },
    { who: 'a token', user: { token: expiredToken }, cause: 'the token expired on 2023-11-14T22:13:20.000Z' },
    { who: 'a token that does not say', user: { token: 'opaque' }, cause: 'have expired, were revoked' },
  ])('401: $who', async ({ user, cause }) => {
    await using api = await serveApi(refuses(401), serverPair);
    const refusal = await refusalOf(kubeconfigFor(api.url, { cluster: trusted, user }));
    expect(refusal).toMatchObject({
      got: expect.stringMatching(/^401 Unauthorized/),
      cause: expect.stringContaining(cause),
      next: expect.stringContaining('fetch fresh credentials'),
    });
  });

  test('403: anonymous', async () => {
    await using api = await serveApi(refuses(403));
    const refusal = await refusalOf(kubeconfigFor(api.url));
    expect(refusal).toMatchObject({
      got: expect.stringMatching(/^403 Forbidden/),
      cause: expect.stringContaining('does not recognise the credentials'),
    });
  });

  test('a credential plugin that is not installed', async () => {
    const user = plugin('no-such-plugin', ['get-token'], { installHint: 'brew install no-such-plugin' });
    expect(await refusalOf(kubeconfigFor('https://localhost:1', { user }))).toMatchObject({
      got: 'credential plugin no-such-plugin: spawn no-such-plugin ENOENT',
      next: 'brew install no-such-plugin',
    });
  });

  test('a credential plugin that fails is quoted', async () => {
    const user = plugin('sh', ['-c', 'echo "SSO session has expired" >&2; exit 1']);
    expect(await refusalOf(kubeconfigFor('https://localhost:1', { user }))).toMatchObject({
      got: 'credential plugin sh: SSO session has expired',
      cause: expect.stringContaining('has expired'),
    });
  });
});

describe('an answer that is not Kubernetes', () => {
  test('another server', async () => {
    await using api = await serveApi({
      '/apis/authentication.k8s.io/v1/selfsubjectreviews': 405,
      '/version': 404,
    });
    expect((await refusalOf(kubeconfigFor(api.url))).cause).toContain('is not a Kubernetes API server');
  });

  test('a port that speaks TLS, asked without it, answers as Go does', async () => {
    const said = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';
    using port = await listening((socket) => socket.end(said));
    expect((await refusalOf(kubeconfigFor(`http://127.0.0.1:${port.port}`))).cause).toContain(
      'start with https://',
    );
  });

  test('another version document', async () => {
    await using api = await serveApi({ '/version': { name: 'etcd' } });
    expect((await refusalOf(kubeconfigFor(api.url))).cause).toContain('is not a Kubernetes API server');
  });

  test('a server that is not ready', async () => {
    await using api = await serveApi({ '/apis/authentication.k8s.io/v1/selfsubjectreviews': 503 });
    expect((await refusalOf(kubeconfigFor(api.url))).cause).toContain('is up but not ready');
  });
});
