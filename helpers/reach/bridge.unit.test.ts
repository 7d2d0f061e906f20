import { once } from 'node:events';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, connect as open, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Address } from '../traffic/request.ts';
import { send } from '../traffic/request.ts';
import { bridge } from './bridge.ts';
import { Tunnel } from './tunnel.ts';

async function listening(server: Pick<Server, 'listen' | 'address' | 'close' | 'once'>): Promise<Address> {
  server.listen(0, '127.0.0.1');
  await once(server as Server, 'listening');
  onTestFinished(() => void server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

const serving = (handle: (socket: Socket) => void): Promise<Address> =>
  listening(createServer({ allowHalfOpen: true }, handle));

const freeAddress = async (): Promise<Address> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return { host: '127.0.0.1', port };
};

const opened = async ({ host, port }: Address): Promise<Socket> => {
  const socket = open({ host, port, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
};

async function bridged(to: () => Promise<Duplex>): Promise<Address> {
  const made = await bridge(to);
  onTestFinished(() => made.close());
  return made.address;
}

describe('a bridge', () => {
  test('hands bytes on in both directions, and an end that leaves the other direction open', async () => {
    const far = await serving(async (socket) => socket.end(`heard ${await text(socket)}`));
    const near = await opened(await bridged(() => opened(far)));
    near.end('all of it');
    await expect(text(near)).resolves.toBe('heard all of it');
  });

  test('hands on much that comes in slowly read pieces', async () => {
    const much = 'x'.repeat(4 * 1_024 * 1_024);
    const far = await serving((socket) => socket.end(much));
    const near = await opened(await bridged(() => opened(far)));
    await expect(text(near)).resolves.toHaveLength(much.length);
  });

  test('hands a reset on', async () => {
    const far = await serving((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const at = await bridged(() => opened(far));
    const answer = await send(at, { path: '/' }, { connect: 1_000, request: 2_000 });
    expect(answer).toMatchObject({ failed: 'ECONNRESET', phase: 'request' });
  });

  test('resets a connection whose other end does not open', async () => {
    const far = await freeAddress();
    const at = await bridged(() => opened(far));
    const answer = await send(at, { path: '/' }, { connect: 1_000, request: 2_000 });
    expect(answer).toMatchObject({ failed: 'ECONNRESET', phase: 'request' });
  });

  test('tells the other end when its client is gone', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const far = await serving(async (socket) => resolve(await text(socket).catch(() => 'reset')));
    const near = await opened(await bridged(() => opened(far)));
    near.write('half a word', () => near.destroy());
    await expect(promise).resolves.toBe('half a word');
  });
});

/** An HTTP/2 proxy that opens what CONNECT asks for, or says why not as Envoy's response code details do. */
async function proxy(): Promise<{ tunnel: Tunnel; entered: () => number; cut: () => void }> {
  const sockets: Socket[] = [];
  const server = createHttp2Server().on('stream', (stream: ServerHttp2Stream, headers) => {
    const [, host, port] = /^(.*):(\d+)$/.exec(String(headers[':authority'])) ?? [];
    if (port === '1') return void stream.on('error', () => {}); // never answers
    const socket = open({ host: host ?? '', port: Number(port) });
    socket.once('connect', () => {
      stream.respond({ ':status': 200 });
      stream.pipe(socket).pipe(stream);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      stream.respond({ ':status': 503 });
      stream.end(
        code === 'ENOTFOUND' || code === 'EAI_AGAIN'
          ? 'dns_resolution_failure{x}'
          : 'delayed_connect_error:_Connection_refused',
      );
    });
    stream.on('error', () => socket.destroy());
  });
  const at = await listening(server);
  const tunnel = new Tunnel(async () => {
    const socket = await opened(at);
    sockets.push(socket);
    return socket;
  });
  onTestFinished(() => tunnel.close());
  return { tunnel, entered: () => sockets.length, cut: () => sockets.at(-1)?.resetAndDestroy() };
}

describe('a tunnel', () => {
  test('opens many connections over one to the proxy', async () => {
    const { tunnel, entered } = await proxy();
    const far = await serving(async (socket) => socket.end(`heard ${await text(socket)}`));
    const said = ['a', 'b', 'c'].map(async (word) => {
      const stream = await tunnel.open(far, 1_000);
      stream.end(word);
      return text(stream);
    });
    await expect(Promise.all(said)).resolves.toEqual(['heard a', 'heard b', 'heard c']);
    expect(entered()).toBe(1);
  });

  test('tells why a connection does not open', async () => {
    const { tunnel } = await proxy();
    await expect(tunnel.open(await freeAddress(), 1_000)).rejects.toMatchObject({ came: 'refused' });
    await expect(tunnel.open({ host: '127.0.0.1', port: 1 }, 100)).rejects.toMatchObject({ came: 'timeout' });
    await expect(tunnel.open({ host: 'no-such-host.invalid', port: 80 }, 2_000)).rejects.toMatchObject({
      came: 'unknown-host',
    });
  });

  test('takes what comes before it is read: an end of the connection may cut what has not come', async () => {
    const { tunnel } = await proxy();
    const much = 'x'.repeat(14 * 1_024 * 1_024);
    const { promise: sent, resolve } = Promise.withResolvers<void>();
    const stream = await tunnel.open(await serving((socket) => socket.end(much, resolve)), 1_000);
    await sent;
    await expect(text(stream)).resolves.toHaveLength(much.length);
  });

  test('is made anew when the connection to the proxy broke', async () => {
    const { tunnel, entered, cut } = await proxy();
    const far = await serving((socket) => socket.end('here'));
    const first = await tunnel.open(far, 1_000);
    await expect(text(first)).resolves.toBe('here');
    const held = await tunnel.open(await serving((socket) => void socket.on('error', () => {})), 1_000);
    cut();
    await once(held, 'close');
    await expect(text(await tunnel.open(far, 1_000))).resolves.toBe('here');
    expect(entered()).toBe(2);
  });

  test('that cannot be entered says so each time, and is tried anew', async () => {
    let tries = 0;
    const tunnel = new Tunnel(async () => {
      tries += 1;
      throw new Error('no pod is ready');
    });
    const far = { host: '127.0.0.1', port: 80 };
    await expect(tunnel.open(far, 100)).rejects.toThrow('no pod is ready');
    await expect(tunnel.open(far, 100)).rejects.toThrow('no pod is ready');
    expect(tries).toBe(2);
  });
});
