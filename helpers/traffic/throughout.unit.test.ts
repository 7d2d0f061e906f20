import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { scriptedApi } from '../kube/testdata/api.ts';
import { defaultTimeouts } from '../timeouts.ts';
import type { Exchange } from './exchange.ts';
import type { OneConnection } from './one-connection.ts';
import { type Address, send } from './request.ts';
import type { Asked } from './rounds.ts';
import { throughout } from './throughout.ts';
import { Witness } from './witness.ts';

const pod = { backend: 'echo', namespace: 'shop', name: 'echo-1', container: 'echo', namesItself: false };
const exchange: Exchange = { request: { path: '/' }, answer: { status: 200, backend: 'echo' } };

/** An echo backend that names itself, asked without a gateway. */
async function asked(listener: RequestListener): Promise<Asked & { count: () => number }> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    response.setHeader('content-type', 'application/json');
    listener(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const api = await scriptedApi({});
  const witness = new Witness(api.kube);
  onTestFinished(async () => {
    witness.close();
    server.closeAllConnections();
    server.close();
    await api[Symbol.asyncDispose]();
  });
  const { port } = server.address() as AddressInfo;
  const address = { host: '127.0.0.1', port };
  const timeouts = { ...defaultTimeouts, log: 50 };
  return { address, pods: [pod], podsNow: async () => [pod], witness, timeouts, count: () => count };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5);
}

const named = JSON.stringify({ pod: pod.name, namespace: pod.namespace });

test('asks many times while it happens, and all that was asked is told', async () => {
  const all = await asked((_, response) => response.end(named));
  const result = await throughout(exchange, all, {
    during: () => until(() => all.count() > 20),
  });
  expect(result).toEqual({ requests: all.count(), wrong: 0, first: undefined });
  expect(result.requests).toBeGreaterThan(20);
});

test('begins what happens when the first answer came', async () => {
  const all = await asked((_, response) => response.end(named));
  let before = 0;
  await throughout(exchange, all, {
    during: async () => {
      before = all.count();
    },
  });
  expect(before).toBe(1);
});

test('asks so many times, and one that is wrong among them is told', async () => {
  const all = await asked((_, response) => {
    response.statusCode = all.count() === 77 ? 503 : 200;
    response.end(named);
  });
  const result = await throughout(exchange, all, { times: 100 });
  expect(result).toMatchObject({ wrong: 1, first: { outcome: { answer: { status: 503 } } } });
  expect(result.requests).toBeGreaterThanOrEqual(100);
  expect(result.requests).toBeLessThan(110);
});

test('a single answer that is wrong is told, and what it was', async () => {
  let failing = false;
  const all = await asked((_, response) => {
    if (failing) response.statusCode = 503;
    failing = false;
    response.end(named);
  });
  const result = await throughout(exchange, all, {
    during: async () => {
      failing = true;
      await until(() => !failing);
      const then = all.count();
      await until(() => all.count() > then + 4);
    },
  });
  expect(result).toMatchObject({ wrong: 1, first: { outcome: { answer: { status: 503 } } } });
});

/** A way there that fails so many times at first. */
const failing = (address: Address, failed: string, times: number): OneConnection => ({
  tls: undefined,
  what: 'a way that fails',
  send: async (request, limits) => {
    if (times-- > 0) return { failed, phase: 'connect', message: '' };
    return send(address, request, limits);
  },
  reopen: async () => {},
  like: () => Promise.reject(new Error('there is one')),
  close: () => {},
});

test.for([
  { failed: 'EHOSTUNREACH', times: 1, wrong: 0 },
  { failed: 'EHOSTUNREACH', times: 2, wrong: 1 },
  { failed: 'ECONNREFUSED', times: 1, wrong: 1 },
])('$failed, $times times: $wrong wrong', async ({ failed, times, wrong }) => {
  const all = await asked((_, response) => response.end(named));
  const over = failing(all.address, failed, times);
  expect(await throughout(exchange, { ...all, over }, { times: 20 })).toMatchObject({ wrong });
});

test('an answer of another backend is wrong, though its status is right', async () => {
  const all = await asked((_, response) =>
    response.end(JSON.stringify({ pod: 'other-1', namespace: 'shop' })),
  );
  const result = await throughout(exchange, all, {
    during: () => until(() => all.count() > 3),
  });
  expect(result.first).toMatchObject({ outcome: { sighting: { backend: 'shop/other-1' } } });
});

test('passes on what happens to fail, and asks no more', async () => {
  const all = await asked((_, response) => response.end(named));
  await expect(
    throughout(exchange, all, { during: () => Promise.reject(new Error('not renewed')) }),
  ).rejects.toThrow('not renewed');
  const underWay = 4;
  const then = all.count();
  await pause(200);
  expect(all.count()).toBeLessThanOrEqual(then + underWay);
});
