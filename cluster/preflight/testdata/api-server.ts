import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { stringify } from 'yaml';
import type { Connection } from '../connection.ts';

/** A file of this folder. The certificates are signed by ca.pem and name localhost; all have the key key.pem. */
export const pem = (name: 'ca' | 'server' | 'expired' | 'key'): string =>
  readFileSync(new URL(`${name}.pem`, import.meta.url), 'utf8');

/** What a path answers: an object with 200, a number as a bare refusal, or what a function makes of the body sent. */
export type Answers = Record<string, unknown>;

export interface Serving extends AsyncDisposable {
  url: string;
  /** Method and path of every request, in order of arrival. */
  asked: string[];
}

/**
 * A local server that speaks the few answers of the Kubernetes API that a test names, over real HTTP or TLS. It
 * knows its user, its version and every access review by itself; what else is not named is 404 NotFound.
 */
export async function serveApi(answers: Answers = {}, tls?: { cert: string; key: string }): Promise<Serving> {
  const asked: string[] = [];
  const all: Answers = { ...BASICS, ...answers };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.method} ${request.url}`);
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url ?? '';
    const found = all[path] ?? all[path.split('?')[0] ?? ''] ?? 404;
    const answer = typeof found === 'function' ? await found(body && JSON.parse(body)) : found;
    const status = typeof answer === 'number' ? answer : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(typeof answer === 'number' ? refusal(answer, path) : answer));
  };
  const server = tls
    ? createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, handle)
    : createServer(handle);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://localhost:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const BASICS: Answers = {
  '/version': { gitVersion: 'v1.36.3' },
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': { status: { userInfo: { username: 'jane' } } },
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': { status: { allowed: true } },
};

const REASONS: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  500: 'InternalError',
};

function refusal(code: number, path: string): object {
  const reason = REASONS[code] ?? 'Unknown';
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: `${path}: ${reason}` };
}

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));
let written = 0;

/** Writes a kubeconfig with the context `test`; it goes when the test file ends. */
export function kubeconfigFor(
  server: string,
  { cluster = {}, user = {} }: { cluster?: object; user?: object } = {},
): Connection {
  written += 1;
  const kubeconfig = join(folder, `config-${written}`);
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'test', context: { cluster: 'c', user: 'u' } }],
  };
  writeFileSync(kubeconfig, stringify(content));
  return { kubeconfig, context: 'test' };
}
