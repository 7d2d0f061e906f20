import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test as plain } from 'vitest';
import { Certificates } from '../tls/certificates.ts';
import { KeptConnection } from '../traffic/kept.ts';
import { letters } from '../traffic/letters.ts';
import { type Address, type Request, send } from '../traffic/request.ts';
import { signature } from '../traffic/witness.ts';
import type { TrafficFault } from './catalogue.ts';
import { Saboteur } from './saboteur.ts';

/** A gateway that echoes what it was asked, as a backend that names itself does. */
const test = plain.extend('gateway', async ({ task: _task }, { onCleanup }) => {
  const asked: string[] = [];
  const server = createServer({ requireHostHeader: false }, async (req, res) => {
    asked.push(req.url ?? '');
    const data = await text(req);
    res
      .setHeader('content-type', 'application/json')
      .setHeader('x-list', ['one', 'two'])
      .setHeader('set-cookie', ['a=1', 'b=2']);
    const body = {
      pod: 'echo-1',
      namespace: 'shop',
      host: req.headers.host,
      path: req.url,
      raw: req.rawHeaders,
      data,
    };
    if (req.url === '/letters') return res.setHeader('content-length', 52).end(letters(52));
    return res.end(JSON.stringify({ ...body, headers: req.headersDistinct }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onCleanup(() => void server.close());
  const address: Address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  return { address, asked };
});

const token = '11111111-2222-4333-8444-555555555555';
const limits = { connect: 1_000, request: 1_000 };
const request: Request = { host: 'shop.example', path: '/a/../b?c=1?d' };

async function under(
  gateway: Address,
  fault: Pick<TrafficFault, 'does' | 'when'>,
  asked = request,
  served?: Request,
) {
  const front = { target: gateway, request: asked, served, certificates: new Certificates(), timeout: 1_000 };
  const saboteur = await Saboteur.stand(front, fault);
  try {
    const headers = { 'user-agent': signature(token), ...asked.headers };
    const answer = await send(saboteur.address, { ...asked, headers }, limits);
    const { touched } = saboteur;
    if ('failed' in answer) return { failed: answer.failed, touched, echo: undefined, headers: {} };
    const echo = answer.body.startsWith('{') ? JSON.parse(answer.body) : undefined;
    return { ...answer, echo, touched };
  } finally {
    saboteur.close();
  }
}

test('without a fault the gateway gets what was sent, and the client what was answered', async ({
  gateway,
}) => {
  const odd = { ...request, host: '', headers: { 'x-two': ['one', 'two'], 'X-Case': 'a, b' } };
  const came = await under(gateway.address, { does: {} }, odd);
  expect(came.echo.path).toBe('/a/../b?c=1?d');
  expect(came.echo.host).toBe('');
  expect(came.echo.headers).toMatchObject({ 'x-two': ['one', 'two'], 'x-case': ['a, b'] });
  expect(came.headers).toMatchObject({ 'x-list': 'one, two' });
  expect(came.touched).toBe(0);
});

test('what came first over a connection can decide where all that comes over it goes', async ({
  gateway,
}) => {
  const second = { ...request, path: '/second' };
  const front = {
    target: gateway.address,
    request: second,
    certificates: new Certificates(),
    timeout: 1_000,
  };
  const saboteur = await Saboteur.stand(
    { ...front, served: undefined, pair: undefined },
    { does: { ask: 'as the first' } },
  );
  const kept = new KeptConnection(saboteur.address);
  try {
    await kept.send({ ...request, path: '/first' }, limits);
    await kept.send(second, limits);
    expect(gateway.asked).toEqual(['/first', '/first']);
    expect(saboteur.touched).toBe(1);
  } finally {
    kept.close();
    saboteur.close();
  }
});

test('by HTTP/2 without TLS', async ({ gateway }) => {
  const came = await under(gateway.address, { does: { status: 418 } }, { ...request, protocol: 'h2c' });
  expect(came).toMatchObject({ status: 418, touched: 1, echo: { host: 'shop.example' } });
});

test('by HTTP/2 an answer that is cut off is none', async ({ gateway }) => {
  const came = await under(gateway.address, { does: { truncate: true } }, { ...request, protocol: 'h2c' });
  expect(came).toMatchObject({ failed: expect.any(String), touched: 1 });
  const reset = await under(gateway.address, { does: { reset: true } }, { ...request, protocol: 'h2c' });
  expect(reset.failed).not.toBe('ETIMEDOUT');
});

test.for<[string, TrafficFault['does'], object]>([
  ['another status', { status: 418 }, { status: 418 }],
  ['a header more', { setHeader: { 'x-new': '1' } }, { headers: { 'x-new': '1' } }],
  ['a header in another order', { reverseHeader: 'x-list' }, { headers: { 'x-list': 'two, one' } }],
  ['the lines of a header in one', { joinHeader: 'set-cookie' }, { headers: { 'set-cookie': 'a=1, b=2' } }],
  ['a header twice', { repeatHeader: 'x-list' }, { headers: { 'x-list': 'one, two, one, two' } }],
  ['another pod', { pod: 'echo-2' }, { echo: { pod: 'echo-2' } }],
  ['another host seen', { setSeen: { host: 'b' } }, { echo: { host: 'b' } }],
  ['an answer of another request', { ask: 'another' }, { echo: { pod: 'echo-1' } }],
  ['a reset', { reset: true }, { failed: 'ECONNRESET' }],
  ['an end in the middle', { truncate: true }, { echo: undefined }],
  ['silence', { hold: true }, { failed: 'ETIMEDOUT' }],
  ['an answer of its own', { answer: 200 }, { status: 200, body: 'sabotaged\n' }],
])('%s', async ([, does, expected], { gateway }) => {
  expect(await under(gateway.address, { does })).toMatchObject({ ...expected, touched: 1 });
});

test('a header less, returned and seen', async ({ gateway }) => {
  expect((await under(gateway.address, { does: { dropHeader: 'x-list' } })).headers).not.toHaveProperty(
    'x-list',
  );
  expect((await under(gateway.address, { does: { dropSeen: 'host' } })).echo).not.toHaveProperty('host');
});

const chunked = { 'transfer-encoding': 'chunked' };

test.for([
  ['as it was', {}, letters(30), 0],
  ['not at all', { sent: 'lost' }, '', 1],
  ['half', { sent: 'halved' }, letters(15), 1],
  ['otherwise', { sent: 'changed' }, `${letters(15)}x${letters(30).slice(16)}`, 1],
  ['twice', { sent: 'doubled' }, letters(30).repeat(2), 1],
  ['to a request that is asked twice', { ask: 'twice' }, letters(30), 1],
  ['to a request that is marked otherwise', { ask: 'another' }, letters(30), 1],
] as [string, TrafficFault['does'], string, number][])(
  'a body is handed on %s',
  async ([, does, data, touched], { gateway }) => {
    const ways: Partial<Request>[] = [{}, { headers: chunked }, { protocol: 'h2c' }];
    for (const way of ways) {
      const asked: Request = { ...request, ...way, method: 'POST', body: 30 };
      expect(await under(gateway.address, { does }, asked)).toMatchObject({ touched, echo: { data } });
    }
  },
);

test('a backend beside it gets no body of what it must not see', async ({ gateway }) => {
  const asked: Request = { ...request, method: 'POST', body: 30 };
  const served = { host: 'shop.example', path: '/served' };
  const { echo } = await under(gateway.address, { does: { ask: 'served' } }, asked, served);
  expect(echo).toMatchObject({ path: '/served', data: '' });
  expect(echo.headers).not.toHaveProperty('content-type');
});

test.for([
  ['not at all', { answered: 'lost' }, ''],
  ['half', { answered: 'halved' }, letters(26)],
  ['otherwise', { answered: 'changed' }, `${letters(26)}x${letters(26).slice(1)}`],
  ['twice', { answered: 'doubled' }, letters(104)],
] as [string, TrafficFault['does'], string][])(
  "an answer's body comes %s",
  async ([, does, body], { gateway }) => {
    const asked = { ...request, path: '/letters' };
    expect(await under(gateway.address, { does }, asked)).toMatchObject({ body, touched: 1 });
  },
);

test('a body where none may be is no HTTP', async ({ gateway }) => {
  const asked = { ...request, method: 'HEAD' };
  const came = await under(gateway.address, { does: { answered: 'added' } }, asked);
  expect(came).toMatchObject({ failed: expect.stringMatching(/^HPE_/), touched: 1 });
});

test('an answer of another request has another mark', async ({ gateway }) => {
  const { echo } = await under(gateway.address, { does: { ask: 'another' } });
  const [agent] = echo.headers['user-agent'];
  expect(agent).toMatch(/^ingress-conformance\/[0-9a-f-]{36}$/);
  expect(agent).not.toBe(signature(token));
});

test('a request that is doubled is asked twice', async ({ gateway }) => {
  await under(gateway.address, { does: { ask: 'twice' } });
  expect(gateway.asked).toHaveLength(2);
});

test('what nobody may see is handed to a backend beside it', async ({ gateway }) => {
  await under(gateway.address, { does: { ask: 'served' } }, request, {
    host: 'shop.example',
    path: '/served',
  });
  expect(gateway.asked).toEqual(['/a/../b?c=1?d', '/served']);
});

test('every second one only', async ({ gateway }) => {
  const came = await under(gateway.address, { does: { status: 418 }, when: 'every second' });
  expect(came).toMatchObject({ status: 200, touched: 0 });
});

test('a fault that finds nothing has touched nothing', async ({ gateway }) => {
  expect(await under(gateway.address, { does: { dropHeader: 'x-none' } })).toMatchObject({ touched: 0 });
});
