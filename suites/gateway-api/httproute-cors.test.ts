import { mirror, v1 } from '../../helpers/gateway-api.ts';
import type { Exchange, Expected } from '../../helpers/traffic/exchange.ts';
import type { Request } from '../../helpers/traffic/request.ts';

const { facts, test, accepted } = mirror('HTTPRouteCORS', ['HTTPRouteCORS'], 'gateway-api/httproute-cors');

const host = 'cors.example.com';
const shop = 'https://www.shop.example';
const other = 'https://other.example';

type Headers = Extract<Expected, { status: unknown }>['headers'];

/** Two values as a list, in either order. */
const both = (one: string, two: string): RegExp => new RegExp(`^(${one}, ?${two}|${two}, ?${one})$`);

/** What a browser asks before a request that is not a simple one. */
const asking = (path: string, origin: string, method?: string, headers?: string): Request => ({
  method: 'OPTIONS',
  host,
  path,
  headers: {
    origin,
    ...(method !== undefined && { 'access-control-request-method': method }),
    ...(headers !== undefined && { 'access-control-request-headers': headers }),
  },
});
const preflight = (request: Request, headers: Headers): Exchange => ({
  request,
  answer: { status: [200, 204], backend: null, headers },
});
const denied = (request: Request): Exchange => ({
  request,
  answer: { status: [200, 204, 403], backend: null, headers: nothingAllowed },
});
const simple = (path: string, origin: string | undefined, headers: Headers, method = 'GET'): Exchange => ({
  request: { method, host, path, ...(origin !== undefined && { headers: { origin } }) },
  answer: { status: 200, backend: v1, headers },
});

// without the first of these no browser shares an answer, whatever others say
const nothingAllowed: Headers = {
  'access-control-allow-origin': null,
  'access-control-expose-headers': null,
};
const noHeaders: Headers = {
  ...nothingAllowed,
  'access-control-allow-credentials': null,
  'access-control-allow-methods': null,
  'access-control-allow-headers': null,
  'access-control-max-age': null,
};
const shared = (origin: string): Headers => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': both('x-response-one', 'x-response-two'),
});
const listed = (origin: string): Headers => ({
  ...shared(origin),
  'access-control-allow-methods': both('GET', 'OPTIONS'),
  'access-control-allow-headers': both('x-request-one', 'x-request-two'),
  'access-control-max-age': '3600',
});
const asked = 'x-request-one, x-request-two';
const askListed = (origin: string): Request => asking('/listed', origin, 'GET', asked);
const anyOrigin = (origin: string): RegExp => new RegExp(`^(\\*|${origin})$`);

const allowed = simple('/listed', shop, shared(shop));
const served: Exchange = { request: { host, path: '/plain' }, answer: { status: 200, backend: v1 } };
const byWildcard = ['https://a.blog.example', 'https://b.a.blog.example'];
const unlisted = [
  other,
  'http://www.shop.example',
  `${shop}:8443`,
  `${shop}.evil.example`,
  'https://a.blog.example.evil.example',
  'https://evilblog.example',
  'https://blog.example',
  'null',
];

const table: Record<string, Exchange> = {
  'preflight from a listed origin': preflight(askListed(shop), listed(shop)),
  'preflight for a method that is not listed': preflight(
    asking('/listed', shop, 'DELETE', asked),
    listed(shop),
  ),
  'preflight for a header that is not listed': preflight(
    asking('/listed', shop, 'GET', 'x-evil'),
    listed(shop),
  ),
  'simple request from a listed origin': allowed,
  'request without an origin': simple('/listed', undefined, noHeaders),

  'preflight for any method': preflight(asking('/any-method', shop, 'POST'), {
    'access-control-allow-origin': shop,
    'access-control-allow-methods': /^(POST|\*)$/,
    'access-control-allow-credentials': null,
    'access-control-max-age': '5',
  }),
  'preflight from another origin for any method': denied(asking('/any-method', other, 'POST')),

  'simple request from any origin': simple(
    '/any-origin',
    other,
    { 'access-control-allow-origin': anyOrigin(other), 'access-control-allow-credentials': null },
    'PUT',
  ),
  'simple request from any origin, with a port': simple(
    '/any-origin',
    `${other}:12345`,
    { 'access-control-allow-origin': anyOrigin(`${other}:12345`), 'access-control-allow-credentials': null },
    'PUT',
  ),

  'preflight for anything, with credentials': preflight(
    asking('/anything-with-credentials', other, 'PUT', asked),
    {
      'access-control-allow-origin': other,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': both('x-request-one', 'x-request-two'),
      'access-control-allow-credentials': 'true',
    },
  ),
  'preflight for anything, without credentials': preflight(asking('/anything', other, 'PUT', asked), {
    'access-control-allow-origin': anyOrigin(other),
    'access-control-allow-methods': /^(PUT|\*)$/,
    'access-control-allow-headers': /^(x-request-one, ?x-request-two|x-request-two, ?x-request-one|\*)$/,
    'access-control-allow-credentials': null,
  }),
  'simple request with credentials': simple('/anything-with-credentials', other, {
    'access-control-allow-origin': other,
    'access-control-allow-credentials': 'true',
  }),
  'simple request without credentials': simple('/anything', other, {
    'access-control-allow-origin': anyOrigin(other),
    'access-control-allow-credentials': null,
  }),

  'simple request where the rule has no filter': simple('/plain', shop, noHeaders),
  'preflight where the rule has no filter, for the backend to answer': {
    request: asking('/plain', shop, 'GET', asked),
    answer: { status: 200, backend: v1, headers: noHeaders },
  },
};
for (const origin of byWildcard) {
  table[`preflight from an origin of the wildcard: ${origin}`] = preflight(askListed(origin), listed(origin));
  table[`simple request from an origin of the wildcard: ${origin}`] = simple(
    '/listed',
    origin,
    shared(origin),
  );
}
for (const origin of [other, `${other}:12345`]) {
  table[`preflight from any origin: ${origin}`] = preflight(asking('/any-origin', origin, 'PUT'), {
    'access-control-allow-origin': anyOrigin(origin),
    'access-control-allow-methods': 'PUT',
    'access-control-allow-credentials': null,
  });
}

accepted('cors');
for (const [title, exchange] of Object.entries(table)) {
  test(title, facts, async ({ ingress, expect }) => {
    await expect(ingress).toAnswer(exchange, { while: served });
  });
}

test('preflights from origins that are not listed', facts, async ({ ingress, expect }) => {
  await expect(ingress).toAnswer(
    unlisted.map((origin) => denied(askListed(origin))),
    { while: served },
  );
});

test('simple requests from origins that are not listed', facts, async ({ ingress, expect }) => {
  await expect(ingress).toAnswer(
    unlisted.map((origin) => simple('/listed', origin, noHeaders)),
    { while: served },
  );
});

test('OPTIONS without a method to ask for allows none', facts, async ({ ingress, expect }) => {
  const headers = { 'access-control-allow-origin': other, 'access-control-allow-methods': null };
  await expect(ingress).toAnswerEither(
    asking('/anything-with-credentials', other),
    [
      { status: 200, backend: v1, headers },
      { status: [200, 204], backend: null, headers },
    ],
    { while: allowed },
  );
});
