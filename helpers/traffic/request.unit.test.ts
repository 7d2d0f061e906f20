import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { Certificates } from '../tls/certificates.ts';
import { serverPair } from '../tls/testdata/pair.ts';
import { letters } from './letters.ts';
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
      headers: { 'x-one': '1', 'set-cookie': 'a=1 | b=2' },
      body: 'short and stout',
    });
    expect(server.asked[0]).toMatchObject({ method: 'DELETE', url: '/x?y=1' });
    expect(server.asked[0]?.headers).toEqual({ ...headers, host: 'a.example:81', connection: 'close' });
  });

  test.for([
    [{}, { 'content-length': '262144' }, 'transfer-encoding'],
    [{ 'transfer-encoding': 'chunked' }, { 'transfer-encoding': 'chunked' }, 'content-length'],
  ] as const)('sends a body of letters, with %o', async ([headers, said, unsaid]) => {
    const bodies: string[] = [];
    await using server = await serve(async (request, response) => {
      bodies.push(await text(request));
      response.end();
    });
    await send(server.address, { method: 'DELETE', path: '/', body: 262_144, headers }, limits);
    expect(server.asked[0]?.headers).toMatchObject({ 'content-type': 'text/plain', ...said });
    expect(server.asked[0]?.headers).not.toHaveProperty(unsaid);
    expect(bodies).toEqual([letters(262_144)]);
  });

  test.for([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd'],
    ['GET', 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\nabcd'],
  ] as const)('takes no answer with a body where there must be none: %s', async ([method, answer]) => {
    const server = createTcpServer((socket) => socket.once('data', () => socket.end(answer)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    await expect(send(address, { method, path: '/' }, limits)).resolves.toMatchObject({
      failed: expect.stringMatching(/^HPE_/),
    });
    server.close();
  });

  test('sends the values of a header in a line each', async () => {
    await using server = await serve((_, response) => response.end());
    await send(server.address, { path: '/', headers: { 'X-Two': ['2', '3'] } }, limits);
    expect(server.asked[0]?.headersDistinct).toMatchObject({ 'x-two': ['2', '3'] });
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

  test('does not take its own lateness for that', async () => {
    await using server = await serve((_, response) => {
      const end = performance.now() + 600;
      while (performance.now() < end);
      response.end();
    });
    const short = { connect: 400, request: 400 };
    await expect(send(server.address, { path: '/' }, short)).resolves.toMatchObject({ status: 200 });
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
  const localhost = { serverName: 'localhost' };

  test('names the server in the handshake, whatever Host says', async () => {
    await using server = await serveTls();
    const request = { host: 'a.example', path: '/', tls: localhost };
    await expect(send(server.address, request, { ...limits, ...server })).resolves.toMatchObject({
      status: 200,
      headers: { 'x-sni': 'localhost', 'x-host': 'a.example' },
    });
  });

  test('names none where none is to be named', async () => {
    await using server = await serveTls();
    const request = { path: '/', tls: { serverName: '', certificateFor: 'localhost' } };
    await expect(send(server.address, request, { ...limits, ...server })).resolves.toMatchObject({
      headers: { 'x-sni': 'false', 'x-host': authority(server.address) },
    });
  });

  test.for(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s, and says which certificate came', async (version) => {
    await using server = await serveTls();
    const request = { path: '/', tls: { ...localhost, version } };
    await expect(send(server.address, request, { ...limits, ...server })).resolves.toMatchObject({
      tls: { version, certificate: 'shop' },
    });
  });

  test('tells a strange certificate by its subject', async () => {
    await using server = await serveTls();
    const stranger = { authority: () => server.certificates.authority(), nameOf: () => undefined };
    const certificates = stranger as unknown as Certificates;
    await expect(
      send(server.address, { path: '/', tls: localhost }, { ...limits, certificates }),
    ).resolves.toMatchObject({ tls: { certificate: 'unknown: CN=shop' } });
  });

  test.for([
    [
      'a certificate for another name',
      'trusted',
      { serverName: 'a.example' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    [
      'one that is for the name but not for what it has to be',
      'trusted',
      { ...localhost, certificateFor: 'a.example' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['a certificate, when it named none', 'trusted', { serverName: '' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['one of nobody it trusts', 'untrusted', localhost, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['one whose time is over', 'expired', localhost, 'CERT_HAS_EXPIRED'],
  ] as const)('refuses %s', async ([, kind, tls, failed]) => {
    await using server = await serveTls(kind);
    const answer = await send(server.address, { path: '/', tls }, { ...limits, ...server });
    expect(answer).toMatchObject({ failed, phase: 'tls', refused: failed });
    expect(server.asked).toEqual([]);
  });

  describe.for(['TLSv1.2', 'TLSv1.3'] as const)(
    'of a server that takes known clients only, %s',
    (version) => {
      const known = { requestCert: true, rejectUnauthorized: true };

      test('shows the certificate that is asked for', async () => {
        await using server = await serveTls('trusted', known);
        const tls = { ...localhost, version, clientCertificate: 'trusted' as const };
        const answer = await send(server.address, { path: '/', tls }, { ...limits, ...server });
        expect(answer).toMatchObject({ status: 200, tls: { version } });
      });

      test('tells by the alert that the server wants one', async () => {
        await using server = await serveTls('trusted', known);
        const tls = { ...localhost, version };
        const answer = await send(server.address, { path: '/', tls }, { ...limits, ...server });
        const refused = { 'TLSv1.2': 'handshake failure', 'TLSv1.3': 'certificate required' }[version];
        expect(answer).toMatchObject({ phase: 'tls', refused });
      });

      test('tells that the server does not trust it, though node sends no alert then', async () => {
        await using server = await serveTls('trusted', known);
        const tls = { ...localhost, version, clientCertificate: 'untrusted' as const };
        const answer = await send(server.address, { path: '/', tls }, { ...limits, ...server });
        expect(answer).toMatchObject({ refused: 'connection closed' });
        expect(server.asked).toEqual([]);
      });
    },
  );

  test('tells a version that the server does not speak', async () => {
    await using server = await serveTls('trusted', { minVersion: 'TLSv1.3' });
    const request = { path: '/', tls: { ...localhost, version: 'TLSv1.2' as const } };
    await expect(send(server.address, request, { ...limits, ...server })).resolves.toMatchObject({
      phase: 'tls',
      refused: 'protocol version',
    });
  });

  test('tells a connection that is closed in the handshake', async () => {
    await using server = await listen((socket) => socket.once('data', () => socket.destroy()));
    const certificates = new Certificates();
    await expect(
      send(server.address, { path: '/', tls: localhost }, { ...limits, certificates }),
    ).resolves.toMatchObject({ phase: 'tls', refused: 'connection closed' });
  });

  test('is not refused by a server that stays silent in the handshake', async () => {
    await using server = await listen(() => {});
    const certificates = new Certificates();
    const answer = await send(
      server.address,
      { path: '/', tls: localhost },
      { connect: 200, request: 300, certificates },
    );
    expect(answer).toMatchObject({ failed: 'ETIMEDOUT', phase: 'tls' });
    expect(answer).not.toHaveProperty('refused');
  });

  test('is not refused where nobody is', async () => {
    const { address } = await closed();
    const certificates = new Certificates();
    const answer = await send(address, { path: '/', tls: localhost }, { ...limits, certificates });
    expect(answer).toMatchObject({ failed: 'ECONNREFUSED', phase: 'connect' });
    expect(answer).not.toHaveProperty('refused');
  });

  test('http at a port for https is told as a connection that was closed', async () => {
    await using server = await serveTls();
    await expect(send(server.address, { path: '/' }, limits)).resolves.toMatchObject({
      phase: 'request',
      refused: 'connection closed',
    });
  });
});

/** A server with a certificate for localhost, that answers with the name it was called by in the handshake. */
async function serveTls(
  kind: 'trusted' | 'untrusted' | 'expired' = 'trusted',
  options: TlsOptions = {},
): Promise<AsyncDisposable & { address: Address; certificates: Certificates; asked: string[] }> {
  const certificates = new Certificates();
  const pair = await serverPair(certificates, kind);
  const mutual = options.requestCert ? { ca: await certificates.authority() } : {};
  const asked: string[] = [];
  const server = createTlsServer({ ...pair, ...mutual, ...options }, (request, response) => {
    asked.push(request.url ?? '');
    const { servername } = request.socket as TLSSocket;
    response.setHeader('x-sni', String(servername)).setHeader('x-host', String(request.headers.host)).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    certificates,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(taken: (socket: Socket) => void): Promise<AsyncDisposable & { address: Address }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    taken(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

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
