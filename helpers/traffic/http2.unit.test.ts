import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { constants, createServer, type Http2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { type Address, send } from './request.ts';

const limits = { connect: 500, request: 300 };
const asked = {
  method: 'PUT',
  host: 'a.example',
  path: '/x?y',
  headers: { 'x-a': '1' },
  protocol: 'h2c',
} as const;

async function listening(server: Http2Server | Server): Promise<Address> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

test('sends by HTTP/2 what it is asked to, and gives what came back', async () => {
  const seen: object[] = [];
  const address = await listening(
    createServer((request, response) => {
      seen.push({ version: request.httpVersion, ...request.headers });
      response.writeHead(201, { 'x-b': '2', 'set-cookie': ['a=1', 'b=2'] }).end('made');
    }),
  );
  await expect(send(address, asked, limits)).resolves.toEqual({
    status: 201,
    headers: expect.objectContaining({ 'x-b': '2', 'set-cookie': 'a=1 | b=2' }),
    body: 'made',
  });
  expect(seen).toMatchObject([
    { version: '2.0', ':method': 'PUT', ':authority': 'a.example', ':path': '/x?y', 'x-a': '1' },
  ]);
});

test('sends a body', async () => {
  const address = await listening(
    createServer(async (request, response) => {
      const { 'content-length': length, 'content-type': type } = request.headers;
      response.end(`${length} ${type} ${await text(request)}`);
    }),
  );
  await expect(send(address, { ...asked, body: 3 }, limits)).resolves.toMatchObject({
    body: '3 text/plain abc',
  });
});

test('gives no answer where HTTP/1.1 only is spoken', async () => {
  const address = await listening(createHttpServer((_, response) => response.end()));
  await expect(send(address, asked, limits)).resolves.toMatchObject({ phase: 'request' });
});

test('gives no answer where nothing comes in time', async () => {
  const address = await listening(createServer(() => {}));
  await expect(send(address, asked, limits)).resolves.toMatchObject({
    failed: 'ETIMEDOUT',
    phase: 'request',
  });
});

test('gives no answer where the stream or its connection ends before the answer does', async () => {
  const halfway = await listening(
    createServer((_, response) => {
      response.write('half', () => response.stream.close(constants.NGHTTP2_CANCEL));
    }),
  );
  const before = await listening(createServer((_, response) => response.stream.session?.destroy()));
  for (const address of [halfway, before])
    await expect(send(address, asked, limits)).resolves.toMatchObject({
      failed: expect.not.stringMatching('ETIMEDOUT'),
      phase: 'request',
    });
});

test('gives no answer where nobody listens', async () => {
  const server = createHttpServer();
  const address = await listening(server);
  server.close();
  await once(server, 'close');
  await expect(send(address, asked, limits)).resolves.toMatchObject({
    failed: 'ECONNREFUSED',
    phase: 'connect',
  });
});
