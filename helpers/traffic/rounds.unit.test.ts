import { describe, expect, test } from 'vitest';
import { type Reply, refused } from '../kube/testdata/api.ts';
import { type Exchange, notFound } from './exchange.ts';
import { type Decided, decide } from './rounds.ts';
import { askedOf, type Gateway } from './testdata/gateway.ts';
import { signature } from './witness.ts';

const served: Exchange = {
  request: { method: 'HEAD', host: 'a.example', path: '/status/200' },
  answer: { status: 200, backend: 'httpbin' },
};
const refusedRow: Exchange = { request: { host: 'a.example', path: '/headers' }, answer: notFound };

/** What an honest gateway does: /status/… from httpbin, 404 for the rest. */
const honest: Gateway = (request, response, { hand }) => {
  if (!request.url?.startsWith('/status')) return response.writeHead(404).end();
  hand('httpbin', request);
  return response.end();
};

/** Serves nothing for a while. */
const late: Gateway = (request, response, edge, count) =>
  count <= 4 ? response.writeHead(404).end() : honest(request, response, edge, count);

/** Mirrors what it serves to another backend, as often as asked. */
const mirroring =
  (times: number): Gateway =>
  (request, response, edge, count) => {
    honest(request, response, edge, count);
    if (request.url?.startsWith('/status')) for (let n = 0; n < times; n += 1) edge.hand('other', request);
  };

/** Asks the backend so many times, and answers with the 500 that it had. */
const retrying =
  (times: number): Gateway =>
  (request, response, { hand }) => {
    for (let n = 0; n < times; n += 1) hand('httpbin', request);
    response.writeHead(500).end();
  };
const failed = (times: number | 'at least once'): Exchange => ({
  request: { path: '/status/500' },
  answer: { status: 500, backend: 'httpbin', times },
});

/** Stands for a backend that says which pod it is. */
const echo =
  (pod: string): Gateway =>
  (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ pod, namespace: 'shop', host: 'a.example', headers: { 'X-A': ['1'] } }));
  };

/** The same, with an answer that it gave to somebody else. */
const stale =
  (pod: string): Gateway =>
  (_, response) => {
    response.setHeader('content-type', 'application/json');
    const headers = { 'User-Agent': [signature('11111111-2222-4333-8444-555555555555')] };
    response.end(JSON.stringify({ pod, namespace: 'shop', host: 'a.example', headers }));
  };

const marked = (path: string, answer: Exchange['answer']): Exchange => ({
  request: { path, marked: true },
  answer,
});
const named = marked('/served', { status: 200, backend: 'other' });
const unnamed = marked('/refused', { status: [500, 503], backend: null });

/** Names itself, and hands on what `hands` says of the paths: refuses with 503 what is to be refused. */
const naming =
  (hands: (path: string) => boolean): Gateway =>
  (request, response, edge, count) => {
    if (hands(request.url ?? '') && request.url?.includes('?ingress-conformance/'))
      edge.hand('other', request);
    return request.url?.startsWith('/served')
      ? echo('other-1')(request, response, edge, count)
      : response.writeHead(503).end();
  };

async function ask(
  gateway: Gateway,
  table: Exchange[],
  options: { log?: Reply; echoes?: string[] } = {},
): Promise<Decided & { trouble?: string | undefined }> {
  const asked = await askedOf(gateway, options);
  const decided = await decide(table, asked);
  return { ...decided, trouble: asked.witness.trouble };
}

describe('decide', () => {
  test('takes an honest gateway for right after three rounds', async () => {
    const decided = await ask(honest, [refusedRow, served]);
    expect(decided).toMatchObject({ steady: true, tries: 3, requests: 6, lastWrong: undefined });
    expect(decided.last).toMatchObject([
      { exchange: refusedRow, outcome: { answer: { status: 404 }, sighting: undefined } },
      { exchange: served, outcome: { answer: { status: 200 }, sighting: { backend: 'httpbin' } } },
    ]);
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

  test('does not believe it when the answer is of another request', async () => {
    const row: Exchange = { request: { path: '/' }, answer: { status: 200, backend: 'other' } };
    const { steady, lastWrong } = await ask(stale('other-1'), [row]);
    expect(steady).toBe(false);
    expect(lastWrong?.outcome.sighting).toBeUndefined();
  });

  test.for([
    ['as it came', (url = '') => url, true],
    ['without its query', (url = '') => url.replace(/[?].*/, ''), false],
  ] as const)('looks whether the path reaches the backend as it was sent: %s', async ([, handOn, steady]) => {
    const echoing: Gateway = ({ url }, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ pod: 'other-1', namespace: 'shop', path: handOn(url), headers: {} }));
    };
    const row: Exchange = { request: { path: '/x?y={uuid}' }, answer: { status: 200, backend: 'other' } };
    await expect(ask(echoing, [row])).resolves.toMatchObject({ steady });
  });

  const copied = (...mirrored: string[]): Exchange => ({
    ...served,
    answer: { status: 200, backend: 'httpbin', mirrored },
  });

  test.for([
    [1, copied('other')],
    [0, copied()],
    [2, copied('other', 'other')],
  ] as [number, Exchange][])('takes %d copies for right where they are expected', async ([times, row]) => {
    await expect(ask(mirroring(times), [row])).resolves.toMatchObject({ steady: true, tries: 3 });
  });

  test.for([
    [0, copied('other'), []],
    [2, copied('other'), ['other', 'other']],
    [1, copied('third'), ['other']],
  ] as [number, Exchange, string[]][])(
    'notices %d copies that are not those expected',
    async ([times, row, copies]) => {
      await expect(ask(mirroring(times), [row])).resolves.toMatchObject({
        steady: false,
        lastWrong: { outcome: { sighting: { backend: 'httpbin', copies } } },
      });
    },
  );

  test('notices a copy that nobody is to get, beside one that is', async () => {
    const other = { ...copied('other'), request: { path: '/status/other' } };
    await expect(ask(mirroring(1), [copied(), other])).resolves.toMatchObject({
      steady: false,
      lastWrong: { exchange: copied(), outcome: { sighting: { copies: ['other'] } } },
    });
  });

  test('asks nothing of copies where a row says nothing of them', async () => {
    await expect(ask(mirroring(1), [served])).resolves.toMatchObject({ steady: true });
  });

  test.for([
    [1, 1],
    [4, 4],
    [4, 'at least once'],
  ] as const)('takes %d times for right where %s is expected', async ([asked, times]) => {
    await expect(ask(retrying(asked), [failed(times)])).resolves.toMatchObject({ steady: true, tries: 3 });
  });

  test.for([
    [3, 4],
    [5, 4],
    [2, 1],
    [0, 1],
    [0, 'at least once'],
  ] as const)('notices %d times where %s is expected', async ([asked, times]) => {
    const { steady, lastWrong } = await ask(retrying(asked), [failed(times)]);
    expect(steady).toBe(false);
    expect(lastWrong?.outcome.sighting?.copies?.length).toBe(asked === 0 ? undefined : asked - 1);
  });

  test('gives each request a uuid of its own where its path asks for one', async () => {
    const seen: string[] = [];
    const row: Exchange = { ...served, request: { path: '/status/200?uuid={uuid}' } };
    const gateway: Gateway = (request, response, edge, count) => {
      seen.push(request.url ?? '');
      honest(request, response, edge, count);
    };
    await expect(ask(gateway, [row, row])).resolves.toMatchObject({ steady: true });
    expect(new Set(seen).size).toBe(6);
    for (const url of seen) expect(url).toMatch(/^\/status\/200\?uuid=[0-9a-f-]{36}$/);
  });

  test.for([
    [
      'a marked row that is in the log, and one that is not',
      (path: string) => path.startsWith('/served'),
      true,
    ],
    ['a refused row that is in the log', () => true, false],
    ['a served row that is not', () => false, false],
  ] as const)('judges %s', async ([, hands, steady]) => {
    for (const echoes of [[], ['other']])
      await expect(ask(naming(hands), [unnamed, named], { echoes })).resolves.toMatchObject({ steady });
  });

  test('takes nothing for right when the log cannot be read, and says why', async () => {
    const decided = await ask(honest, [served], { log: refused(403, 'Forbidden', 'jane may not read logs') });
    expect(decided.steady).toBe(false);
    expect(decided.trouble).toContain('jane may not read logs');
  });
});
