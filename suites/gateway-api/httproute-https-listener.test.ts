import { mirror, mirrored, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Exchange, exchangeTitle, notFound } from '../../helpers/traffic/exchange.ts';

const { facts, test } = mirror('HTTPRouteHTTPSListener', [], 'gateway-api/httproute-https-listener');

const of = (name: string): string => `${name}.https-listener.example.com`;
const [any, one, third, fifth, inside, unknown] = [
  of('any'),
  of('one'),
  of('third.wild'),
  of('fifth.wild'),
  of('in.wild'),
  of('unknown'),
];

/** A request for a host over a connection that was made for a name. */
const exchange = (serverName: string, host: string, answer: Exchange['answer'], why?: string): Exchange => ({
  request: { host, path: '/https-listener', tls: { serverName } },
  answer,
  why,
});
const by = (backend: string, secret: string) => ({
  status: 200,
  backend,
  tls: { certificate: `gateway-api/${secret}` },
});
const misdirected = { status: 421, backend: null };

const atAny = exchange(any, any, by(v1, 'https-any'));
const atOne = exchange(one, one, by(v2, 'https-one'));
const atThird = exchange(third, third, by(v3, 'https-wildcard'));
const atInside = exchange(inside, inside, by(v1, 'https-in-wildcard'));

for (const [route, listener] of [
  ['https-any', undefined],
  ['https-one', 'one'],
  ['https-wildcard', 'wildcard'],
  ['https-in-wildcard', 'in-wildcard'],
] as const) {
  test(`${route} accepted, with references resolved`, facts, async ({ scene, gateway, expect }) => {
    await expect(scene.route(route).at(gateway, listener)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
    });
    await expect(gateway.listener(listener ?? 'any')).toReport({
      conditions: {
        Accepted: 'True Accepted',
        ResolvedRefs: 'True ResolvedRefs',
        Programmed: 'True Programmed',
      },
      attachedRoutes: 1,
    });
  });
}

const table: Record<string, Exchange> = {
  'a host of the listener for any host': atAny,
  'a host of no route': exchange(unknown, unknown, {
    ...notFound,
    tls: { certificate: 'gateway-api/https-any' },
  }),
  'a host with a listener of its own': atOne,
  'a host of the listener for a wildcard': atThird,
  'a host of the wildcard with a listener of its own': atInside,
};
for (const [title, row] of Object.entries(table)) {
  test(title, facts, async ({ gateway, expect }) => {
    await expect(await gateway.ingress('any')).toAnswer(row, { while: atAny });
  });
}

// without TLS, and by the route for what comes without it
const plainHost = of('plain');
const withoutTls = (host: string, answer: Exchange['answer'], why?: string): Exchange => ({
  request: { host, path: '/https-listener' },
  answer,
  why,
});
const anyAtHttp = withoutTls(any, { status: 200, backend: v1 }, 'by a route that names no listener');
const atHttp: Exchange[] = [
  anyAtHttp,
  withoutTls(plainHost, { status: 200, backend: v2 }, 'by the route of the listener for HTTP'),
  withoutTls(one, notFound, 'whose route is of a listener for HTTPS'),
];
const beyond = mirrored(undefined, 'Gateway', 'HTTPRoute');
for (const row of atHttp) {
  test(exchangeTitle(row), beyond, async ({ gateway, expect }) => {
    await expect(await gateway.ingress('http')).toAnswer(row, { while: anyAtHttp });
  });
}
test('over TLS, the route of the listener for HTTP serves nobody', beyond, async ({ gateway, expect }) => {
  const row = exchange(plainHost, plainHost, { ...notFound, tls: { certificate: 'gateway-api/https-any' } });
  await expect(await gateway.ingress('any')).toAnswer(row, { while: atAny });
});
test('two routes at the listener for HTTP', beyond, async ({ gateway, expect }) => {
  await expect(gateway.listener('http')).toReport({ attachedRoutes: 2 });
});

/** What comes of hosts over one connection, by the name that it was made for. */
const connections: Record<string, { served: Exchange; rows: Exchange[] }> = {
  [any]: {
    served: atAny,
    rows: [exchange(any, one, misdirected), exchange(any, unknown, notFound)],
  },
  [one]: {
    served: atOne,
    rows: [exchange(one, any, misdirected), exchange(one, unknown, misdirected)],
  },
  [third]: {
    served: atThird,
    rows: [
      exchange(third, fifth, by(v3, 'https-wildcard')),
      exchange(third, inside, misdirected),
      exchange(third, one, misdirected),
      exchange(third, unknown, misdirected),
    ],
  },
  [inside]: { served: atInside, rows: [exchange(inside, fifth, misdirected)] },
  [unknown]: {
    served: exchange(unknown, any, by(v1, 'https-any')),
    rows: [exchange(unknown, unknown, notFound)],
  },
};
const detects = mirrored(
  'HTTPRouteHTTPSListenerDetectMisdirectedRequests',
  'Gateway',
  'GatewayHTTPSListenerDetectMisdirectedRequests',
  'HTTPRoute',
);
for (const [serverName, { served, rows }] of Object.entries(connections)) {
  for (const row of [served, ...rows]) {
    const status = 'status' in row.answer ? row.answer.status : '';
    test(
      `over one connection for ${serverName}, ${row.request.host} → ${status}`,
      detects,
      async ({ gateway, hold, expect }) => {
        const ingress = await gateway.ingress('any');
        // over a connection for each, as HTTP/1.1 has it
        await expect(ingress).toAnswer(row, { while: served });
        await expect(await hold(ingress, { serverName })).toAnswer(row, { while: served });
      },
    );
  }
}
