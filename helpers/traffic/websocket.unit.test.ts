import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Conversation, converse, type Message } from './websocket.ts';

const limits = { connect: 500, request: 300 };
const request = { host: 'a.example', path: '/ws?a', headers: { origin: 'http://a.example' } };

/** Talks to a server that takes WebSockets at `/ws` only. */
async function talk(
  served: (socket: WebSocket) => void,
  { path = request.path, messages = ['a', new Uint8Array([255, 0])] as Message[] } = {},
): Promise<{ came: Conversation; seen: object[] }> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, path: '/ws' });
  const seen: object[] = [];
  sockets.on('connection', (socket, { url, headers }) => {
    seen.push({ url, ...headers });
    served(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    sockets.close();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const came = await converse({ host: '127.0.0.1', port }, { ...request, path }, messages, limits);
  return { came, seen };
}

test('gives the bytes of each reply, whatever they are sent as', async () => {
  const { came, seen } = await talk((socket) => {
    socket.on('message', (data) => socket.send(data, { binary: false }));
  });
  expect(came).toEqual({ replies: [Buffer.from('a'), Buffer.from([255, 0])] });
  expect(seen).toMatchObject([{ url: '/ws?a', host: 'a.example', origin: 'http://a.example' }]);
});

test('says how the upgrade was refused', async () => {
  const { came } = await talk(() => {}, { path: '/other' });
  expect(came).toEqual({ failed: 'Unexpected server response: 400' });
});

test('says that no reply came in time', async () => {
  await expect(talk(() => {})).resolves.toMatchObject({ came: { failed: 'nothing came within 0.3 s' } });
});

test('says that nobody listens', async () => {
  const came = await converse({ host: '127.0.0.1', port: 1 }, request, [], limits);
  expect(came).toEqual({ failed: expect.stringContaining('ECONNREFUSED') });
});
