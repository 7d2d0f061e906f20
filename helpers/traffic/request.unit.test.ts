import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { pem } from '../../cluster/preflight/testdata/api-server.ts';
import { type Address, authority, send } from './request.ts';

const limits = { connect: 500, request: 1_000 };

async function serve(
  listener: RequestListener,
): Promise<AsyncDisposable & { address: Address; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    listener(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('send', () => {
  test('sends Host, method and headers to the address, and gives what came back', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(418, { 'X-One': '1', 'Set-Cookie': ['a=1', 'b=2'] }).end('short and stout');
    });
    const headers = { 'user-agent': 'me', 'x-two': '2' };
    const request = { method: 'DELETE', host: 'a.example:81', path: '/x?y=1', headers };
    await expect(send(server.address, request, limits)).resolves.toMatchObject({
      status: 418,
      headers: { 'x-one': '1', 'set-cookie': 'a=1, b=2' },
      body: 'short and stout',
    });
    expect(server.asked[0]).toMatchObject({ method: 'DELETE', url: '/x?y=1' });
    expect(server.asked[0]?.headers).toEqual({ ...headers, host: 'a.example:81', connection: 'close' });
  });

  test('sends dot segments and doubled slashes as written', async () => {
    await using server = await serve((_, response) => response.end());
    for (const path of ['/a/../b', '/./c', '//d', '/%73', '/e?'])
      await send(server.address, { path }, limits);
    expect(server.asked.map(({ url }) => url)).toEqual(['/a/../b', '/./c', '//d', '/%73', '/e?']);
  });

  test('sends the address as Host when none is given, and an empty one when that is asked', async () => {
    await using server = await serve((_, response) => response.end());
    await send(server.address, { path: '/' }, limits);
    await send(server.address, { path: '/', host: '' }, limits);
    expect(server.asked.map(({ headers }) => headers.host)).toEqual([authority(server.address), '']);
  });

  test('takes a new connection for each request', async () => {
    await using server = await serve((_, response) => response.end());
    await send(server.address, { path: '/' }, limits);
    await send(server.address, { path: '/' }, limits);
    const [one, two] = server.asked.map(({ socket }) => socket);
    expect(one).not.toBe(two);
  });

  test('follows no redirect', async () => {
    await using server = await serve((_, response) => response.writeHead(302, { location: '/other' }).end());
    await expect(send(server.address, { path: '/' }, limits)).resolves.toMatchObject({
      status: 302,
      headers: { location: '/other' },
    });
    expect(server.asked).toHaveLength(1);
  });

  test('tells a refused connection', async () => {
    const { address } = await closed();
    await expect(send(address, { path: '/' }, limits)).resolves.toMatchObject({
      failed: 'ECONNREFUSED',
      phase: 'connect',
    });
  });

  test('tells a request that is left without an answer from a connect that is', async () => {
    await using server = await serve(() => {});
    const short = { connect: 100, request: 150 };
    await expect(send(server.address, { path: '/' }, short)).resolves.toMatchObject({
      failed: 'ETIMEDOUT',
      phase: 'request',
    });
  });

  test('tells a connection that is dropped', async () => {
    await using server = await serve((request) => request.socket.destroy());
    await expect(send(server.address, { path: '/' }, limits)).resolves.toMatchObject({
      failed: 'ECONNRESET',
      phase: 'request',
    });
  });

  test('ends with what its signal was aborted with', async () => {
    await using server = await serve(() => {});
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(send(server.address, { path: '/' }, { ...limits, signal })).rejects.toThrow('cancelled');
  });
});

describe('send over TLS', () => {
  const ca = pem('ca');
  const pair = { cert: pem('server'), key: pem('key') };

  /** A server with a certificate for localhost, that answers with the name it was called by in the handshake. */
  async function serveTls(): Promise<AsyncDisposable & { address: Address }> {
    const server = createTlsServer(pair, (request, response) => {
      const { servername } = request.socket as TLSSocket;
      response.setHeader('x-sni', String(servername)).setHeader('x-host', String(request.headers.host)).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return {
      address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      },
    };
  }

  test('names the server in the handshake, whatever Host says', async () => {
    await using server = await serveTls();
    const request = { host: 'a.example', path: '/', tls: { serverName: 'localhost', ca } };
    await expect(send(server.address, request, limits)).resolves.toMatchObject({
      status: 200,
      headers: { 'x-sni': 'localhost', 'x-host': 'a.example' },
    });
  });

  test.for([
    ['a certificate for another name', { serverName: 'other.example', ca }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['a certificate of nobody it trusts', { serverName: 'localhost' }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['a certificate, when it named none', { serverName: '', ca }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('refuses %s', async ([, tls, failed]) => {
    await using server = await serveTls();
    await expect(send(server.address, { path: '/', tls }, limits)).resolves.toMatchObject({
      failed,
      phase: 'request',
    });
  });
});

test.for([
  [{ host: '10.0.0.1', port: 80 }, '10.0.0.1'],
  [{ host: '10.0.0.1', port: 8080 }, '10.0.0.1:8080'],
  [{ host: 'fd00::1', port: 80 }, '[fd00::1]'],
  [{ host: 'lb.example', port: 31_000 }, 'lb.example:31000'],
] as const)('authority of %o', ([address, name]) => {
  expect(authority(address)).toBe(name);
});

async function closed(): Promise<{ address: Address }> {
  await using server = await serve(() => {});
  return { address: server.address };
}
