import { once } from 'node:events';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Certificates } from '../tls/certificates.ts';
import { serverPair } from '../tls/testdata/pair.ts';
import { HeldConnection } from './held.ts';
import type { Address } from './request.ts';

const limits = { connect: 500, request: 500 };
const tls = { serverName: 'localhost' };

/** An HTTP/2 server that counts its connections. */
async function serve(listener: (request: Http2ServerRequest, response: Http2ServerResponse) => void) {
  const certificates = new Certificates();
  const server = createSecureServer(await serverPair(certificates, 'trusted'), listener);
  let connections = 0;
  const sessions = new Set<{ destroy: () => void }>();
  server.on('session', (session) => {
    connections += 1;
    sessions.add(session);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const end = (): void => sessions.forEach((session) => session.destroy());
  onTestFinished(() => {
    end();
    server.close();
  });
  const address: Address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  return { address, certificates, connections: () => connections, end };
}

async function held({ address, certificates }: Awaited<ReturnType<typeof serve>>): Promise<HeldConnection> {
  const connection = await HeldConnection.open(address, tls, { ...limits, certificates });
  onTestFinished(() => connection.close());
  return connection;
}

test('requests for several hosts go over one connection', async () => {
  const server = await serve((request, response) => {
    response
      .writeHead(200, { 'x-asked': `${request.method} ${request.authority}${request.url}` })
      .end('body');
  });
  const connection = await held(server);
  const asks = ['a.example', 'b.example'].map((host) => connection.send({ host, path: '/x' }, limits));
  const answers = await Promise.all(asks);
  expect(answers).toMatchObject(
    ['a.example', 'b.example'].map((host) => ({
      status: 200,
      headers: { 'x-asked': `GET ${host}/x` },
      body: 'body',
      tls: { version: 'TLSv1.3', certificate: 'shop' },
    })),
  );
  expect(server.connections()).toBe(1);
});

test('a connection that has ended is opened anew when that is asked for, and not before', async () => {
  const server = await serve((_, response) => response.end());
  const connection = await held(server);
  await connection.send({ path: '/' }, limits);
  server.end();
  const answer = await connection.send({ path: '/' }, limits);
  expect(answer).toMatchObject({ phase: 'request', failed: expect.stringMatching(/^ERR_HTTP2|ECONNRESET/) });
  expect(server.connections()).toBe(1);
  const { certificates } = server;
  for (let i = 0; i < 2; i += 1) await connection.reopen({ ...limits, certificates });
  expect(await connection.send({ path: '/' }, limits)).toMatchObject({ status: 200 });
  expect(server.connections()).toBe(2);
});

test('a request that is left without an answer is told', async () => {
  const connection = await held(await serve(() => {}));
  await expect(connection.send({ path: '/' }, { ...limits, request: 100 })).resolves.toMatchObject({
    failed: 'ETIMEDOUT',
    phase: 'request',
  });
});

test('a server that is not to be trusted gets no request', async () => {
  const { address } = await serve((_, response) => response.end());
  const opened = HeldConnection.open(address, tls, { ...limits, certificates: new Certificates() });
  await expect(opened).rejects.toThrow(
    /open an HTTP\/2 connection to 127\.0\.0\.1:\d+ for localhost: certificate signature failure/,
  );
});
