import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Reply, refused, scriptedApi } from '../kube/testdata/api.ts';
import { defaultTimeouts } from '../timeouts.ts';
import { type Exchange, notFound } from './exchange.ts';
import { type Decided, decide } from './rounds.ts';
import { type BackendPod, Witness } from './witness.ts';

const served: Exchange = {
  request: { method: 'HEAD', host: 'a.example', path: '/status/200' },
  answer: { status: 200, backend: 'httpbin' },
};
const refusedRow: Exchange = { request: { host: 'a.example', path: '/headers' }, answer: notFound };
const timeouts = { ...defaultTimeouts, answer: 400, log: 100, connect: 200, request: 300 };

/** A gateway in front of two backends, `httpbin` and `other`, whose logs the API server serves. */
interface Edge {
  /** Hands the request to a backend: it is logged there. */
  hand: (to: 'httpbin' | 'other', request: IncomingMessage) => void;
}

type Gateway = (request: IncomingMessage, response: ServerResponse, edge: Edge, count: number) => void;

/** What an honest gateway does: /status/… from httpbin, 404 for the rest. */
const honest: Gateway = (request, response, { hand }) => {
  if (!request.url?.startsWith('/status')) return response.writeHead(404).end();
  hand('httpbin', request);
  return response.end();
};

/** Serves nothing for a while. */
const late: Gateway = (request, response, edge, count) =>
  count <= 4 ? response.writeHead(404).end() : honest(request, response, edge, count);

/** Stands for a backend that says which pod it is. */
const echo =
  (pod: string): Gateway =>
  (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ pod, namespace: 'shop', host: 'a.example', headers: { 'X-A': ['1'] } }));
  };

async function ask(
  gateway: Gateway,
  table: Exchange[],
  { log }: { log?: Reply } = {},
): Promise<Decided & { trouble?: string | undefined }> {
  const logs = new Map<string, { lines: string[]; readers: Set<ServerResponse> }>(
    ['httpbin', 'other'].map((name) => [name, { lines: [], readers: new Set() }]),
  );
  const serveLog: Reply = (response, request) => {
    const [, name = ''] = /pods\/(\w+)-1\/log/.exec(request.url ?? '') ?? [];
    const { lines, readers } = logs.get(name) ?? { lines: [], readers: new Set() };
    response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
    for (const line of lines) response.write(line);
    readers.add(response);
  };
  const api = await scriptedApi({ logs: [log ?? serveLog] });
  const hand: Edge['hand'] = (to, { headers, method, url }) => {
    const line = `msg="200 ${method} ${url}" user_agent=${headers['user-agent']} client_ip=10.0.0.1\n`;
    logs.get(to)?.lines.push(line);
    for (const reader of logs.get(to)?.readers ?? []) reader.write(line);
  };
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    gateway(request, response, { hand }, count);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const witness = new Witness(api.kube);
  onTestFinished(async () => {
    witness.close();
    server.closeAllConnections();
    server.close();
    await api[Symbol.asyncDispose]();
  });
  const pods: BackendPod[] = ['httpbin', 'other'].map((backend) => ({
    backend,
    namespace: 'shop',
    name: `${backend}-1`,
    container: 'c',
    namesItself: false,
  }));
  const { port } = server.address() as AddressInfo;
  const address = { host: '127.0.0.1', port };
  const decided = await decide(table, { address, pods, podsNow: async () => pods, witness, timeouts });
  return { ...decided, trouble: witness.trouble };
}

describe('decide', () => {
  test('takes an honest gateway for right after three rounds', async () => {
    const decided = await ask(honest, [refusedRow, served]);
    expect(decided).toMatchObject({ steady: true, tries: 3, requests: 6, lastWrong: undefined });
  });

  test('waits for a gateway that starts late', async () => {
    const decided = await ask(late, [refusedRow, served]);
    expect(decided).toMatchObject({ steady: true, tries: 5, requests: 10 });
  });

  test.for([
    [
      'serves nothing yet',
      (_, response) => response.writeHead(404).end(),
      [refusedRow, served],
      { exchange: served, outcome: { answer: { status: 404 }, sighting: undefined } },
    ],
    [
      'hands what it should refuse to the backend, which says 404 itself',
      (request, response, { hand }) => {
        hand('httpbin', request);
        response.writeHead(request.url === '/headers' ? 404 : 200).end();
      },
      [refusedRow, served],
      {
        exchange: refusedRow,
        outcome: { answer: { status: 404 }, sighting: { backend: 'httpbin', pod: 'httpbin-1' } },
      },
    ],
    [
      'answers by itself what the backend should answer',
      (request, response) => response.writeHead(request.url === '/headers' ? 404 : 200).end(),
      [refusedRow, served],
      { exchange: served, outcome: { answer: { status: 200 }, sighting: undefined } },
    ],
    [
      'hands it to another backend',
      (request, response, { hand }) => {
        if (request.url === '/headers') return response.writeHead(404).end();
        hand('other', request);
        return response.end();
      },
      [refusedRow, served],
      { exchange: served, outcome: { answer: { status: 200 }, sighting: { backend: 'other' } } },
    ],
    [
      'serves what it should refuse',
      (request, response, { hand }) => {
        hand('httpbin', request);
        response.end();
      },
      [refusedRow, served],
      { exchange: refusedRow, outcome: { answer: { status: 200 } } },
    ],
    [
      'is right only every other time',
      (request, response, edge, count) =>
        count % 4 < 2 ? response.writeHead(503).end() : honest(request, response, edge, count),
      [refusedRow, served],
      { outcome: { answer: { status: 503 } } },
    ],
    [
      'drops connections',
      (request) => request.socket.destroy(),
      [served],
      { exchange: served, outcome: { answer: { failed: 'ECONNRESET', phase: 'request' } } },
    ],
    [
      'loses the Host on the way',
      (request, response, { hand }) => {
        hand('httpbin', request);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ headers: { Host: ['127.0.0.1'] } }));
      },
      [
        {
          request: { host: 'a.example', path: '/' },
          answer: { ...served.answer, seen: { host: 'a.example' } },
        },
      ],
      { outcome: { sighting: { backend: 'httpbin', headers: { host: '127.0.0.1' } } } },
    ],
  ] as [string, Gateway, Exchange[], object][])(
    'notices a gateway that %s',
    async ([, gateway, table, wrong]) => {
      const decided = await ask(gateway, table);
      expect(decided.steady).toBe(false);
      expect(decided.lastWrong).toMatchObject(wrong);
    },
  );

  test('believes a backend that names itself, if it is one of the case', async () => {
    const row: Exchange = {
      request: { path: '/' },
      answer: { status: 200, backend: 'other', seen: { host: 'a.example', 'x-a': '1' } },
    };
    await expect(ask(echo('other-1'), [row])).resolves.toMatchObject({ steady: true });
    await expect(ask(echo('stranger-1'), [row])).resolves.toMatchObject({
      steady: false,
      lastWrong: { outcome: { sighting: { backend: 'shop/stranger-1' } } },
    });
  });

  test('takes nothing for right when the log cannot be read, and says why', async () => {
    const decided = await ask(honest, [served], { log: refused(403, 'Forbidden', 'jane may not read logs') });
    expect(decided.steady).toBe(false);
    expect(decided.trouble).toContain('jane may not read logs');
  });
});
