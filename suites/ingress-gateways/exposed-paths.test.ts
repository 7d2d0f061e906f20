import { inEachDialect, type Row } from '../../helpers/dialects.ts';
import { notFound } from '../../helpers/traffic/exchange.ts';

const host = 'httpbin.example.com';
const served: Row = {
  request: { method: 'HEAD', host, path: '/status/200' },
  answer: { status: 200, backend: 'httpbin' },
};

/** A prefix that does not end where a part of the path does. */
const prefixOfText: Row['except'] = {
  'istio-api': {
    answer: { status: 404, backend: 'httpbin' },
    because:
      "the prefix in a VirtualService is one of the text, not of the path's parts: /status matches /statusx too",
  },
};

const exposed: Row[] = [
  served,
  { request: { host, path: '/status/418' }, answer: { status: 418, backend: 'httpbin' } },
  { request: { host, path: '/delay/0.2' }, answer: { status: 200, backend: 'httpbin', seen: { host } } },
  // the prefix itself is exposed: it is httpbin that has nothing there
  { request: { host, path: '/status' }, answer: { status: 404, backend: 'httpbin' } },
  { request: { host, path: '/status/' }, answer: { status: 404, backend: 'httpbin' }, why: 'with a slash' },
  {
    request: { host, path: '/status/200?path=/headers' },
    answer: { status: 200, backend: 'httpbin' },
    why: 'a query is no part of the path',
  },
  {
    request: { method: 'HEAD', host: `${host}:80`, path: '/status/200' },
    answer: { status: 200, backend: 'httpbin' },
    why: 'a port is no part of the host',
  },
  {
    request: { method: 'HEAD', host: 'HTTPBIN.Example.COM', path: '/status/200' },
    answer: { status: 200, backend: 'httpbin' },
    why: 'in capitals',
  },
];

const unexposed: Row[] = [
  { request: { method: 'HEAD', host, path: '/headers' }, answer: notFound },
  { request: { host, path: '/headers' }, answer: notFound },
  {
    request: { host, path: '/headers?path=/status/200' },
    answer: notFound,
    why: 'an exposed path in the query',
  },
  { request: { host, path: '/' }, answer: notFound, why: 'the root' },
  { request: { host, path: '/statusx' }, answer: notFound, except: prefixOfText },
  { request: { host, path: '/Status/200' }, answer: notFound, why: 'in another case' },
  { request: { host, path: '/status-page' }, answer: notFound, except: prefixOfText },
  { request: { host, path: '/delays/1' }, answer: notFound, except: prefixOfText },
  { request: { host, path: '/anything/status/200' }, answer: notFound, why: 'below another path' },
];

const otherHosts: Row[] = [
  { request: { host: 'other.example.com', path: '/status/200' }, answer: notFound },
  {
    request: { host: 'www.httpbin.example.com', path: '/status/200' },
    answer: notFound,
    why: 'a name below',
  },
  { request: { host: 'example.com', path: '/status/200' }, answer: notFound, why: 'the name above' },
  {
    request: { host: 'xhttpbin.example.com', path: '/status/200' },
    answer: notFound,
    why: 'the same ending',
  },
  { request: { host: 'other.example.com:80', path: '/status/200' }, answer: notFound },
  { request: { path: '/status/200' }, answer: notFound, why: 'the bare address' },
];

inEachDialect('ingress-gateways/exposed-paths', (part) => {
  const { dialect, test, facts } = part;

  for (const row of [...exposed, ...unexposed, ...otherHosts]) {
    const { title, facts: ofRow, exchange } = part.in(row);
    test(title, ofRow, async ({ ingress, expect }) => {
      await expect(ingress).toAnswer(exchange, { while: served });
    });
  }

  // asked until it is right three times in a row, a gateway that fails now and then would pass
  test('once it is served, 200 requests in a row are', facts, async ({ ingress, expect }) => {
    await expect(ingress).toAnswer(served);
    await expect(ingress).toKeepAnswering(served, { times: 200 });
  });

  test(
    'over one connection that is kept, each request is routed by its own host and path',
    facts,
    async ({ ingress, hold, expect }) => {
      await expect(ingress).toAnswer(served);
      await expect(await hold(ingress)).toAnswer([
        { request: { host, path: '/headers' }, answer: notFound },
        { request: { host: 'other.example.com', path: '/status/200' }, answer: notFound },
        served,
        { request: { host, path: '/status/418' }, answer: { status: 418, backend: 'httpbin' } },
        { request: { host, path: '/delay/0' }, answer: { status: 200, backend: 'httpbin', seen: { host } } },
      ]);
    },
  );

  if (dialect !== 'gateway-api') {
    test(
      'address of a node that runs the ingress gateway, and the node port named http2',
      facts,
      async ({ scene, expect }) => {
        const ingress = await scene.edge().nodePort('http2');
        const at = (name: string): Row['request'] => ({
          method: 'HEAD',
          host: `${name}:${ingress.leadsTo.port}`,
          path: '/status/200',
        });
        await expect(ingress).toAnswer([
          served,
          { request: at(host), answer: served.answer },
          { request: at('other.example.com'), answer: notFound },
          { request: { host, path: '/headers' }, answer: notFound },
        ]);
      },
    );
  }

  if (dialect === 'istio-api') {
    test('the node port named tcp, where nothing is routed by path', facts, async ({ scene, expect }) => {
      await expect(await scene.edge().nodePort('tcp')).toAnswer([
        served,
        {
          request: { host, path: '/headers' },
          answer: { status: 200, backend: 'httpbin', seen: { host } },
        },
      ]);
    });
  }

  if (dialect !== 'gateway-api') return;

  test(
    'the Gateway is Accepted and Programmed, with one route at its listener',
    facts,
    async ({ gateway, expect }) => {
      await expect(gateway).toReport({
        conditions: { Accepted: 'True Accepted', Programmed: 'True Programmed' },
      });
      await expect(gateway.listener('http')).toReport({
        attachedRoutes: 1,
        conditions: {
          Accepted: 'True Accepted',
          Programmed: 'True Programmed',
          ResolvedRefs: 'True ResolvedRefs',
        },
      });
    },
  );

  test(
    'the HTTPRoute is Accepted, with its references resolved',
    facts,
    async ({ scene, gateway, expect }) => {
      await expect(scene.route().at(gateway)).toReport({
        conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      });
    },
  );
});
