import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';
import type { Request } from '../../helpers/traffic/request.ts';

const { rows, beyond, accepted } = mirror(
  'HTTPRouteSimpleSameNamespace',
  [],
  'gateway-api/httproute-simple-same-namespace',
);

const host = 'simple.example.com';
const root: Exchange = { request: { host, path: '/' }, answer: { status: 200, backend: v1, seen: { host } } };

accepted('simple-same-namespace');
rows(
  [
    root,
    { request: { host, path: '/any/path?and=query' }, answer: { status: 200, backend: v1 } },
    { request: { host, path: '/', method: 'POST' }, answer: { status: 200, backend: v1 } },
    { request: { host: `other.${host}`, path: '/' }, answer: notFound },
  ],
  root,
);

const handedOn = (request: Omit<Request, 'host'>, seen: Record<string, string>): Exchange => ({
  request: { host, ...request },
  answer: { status: 200, backend: v1, seen },
});
const query = '/any/path?b=two%20words&a=1&a=2&empty=&plus=+';
const credentials = { authorization: 'Bearer nobody', cookie: 'session=1; theme=dark' };

// what no filter is for reaches the backend, and the client, as it was sent
beyond(
  [
    {
      request: { host: 'Simple.EXAMPLE.com', path: '/' },
      answer: { status: 200, backend: v1 },
      why: 'a host is its name in any case',
    },
    { ...handedOn({ path: query }, { ':path': query }), why: 'the query as it is' },
    ...['PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) =>
      handedOn({ method, path: '/' }, { ':method': method, ':path': '/' }),
    ),
    { ...handedOn({ path: '/', headers: credentials }, credentials), why: 'what tells who asks' },
    {
      ...handedOn(
        { path: '/', headers: { 'x-lines': ['one', 'two', 'one'] } },
        { 'x-lines': 'one, two, one' },
      ),
      why: 'a header of several lines',
    },
    {
      request: {
        host,
        path: '/',
        headers: { 'x-echo-set-header': 'etag:"one",cache-control:no-store,x-own:of its own' },
      },
      answer: {
        status: 200,
        backend: v1,
        headers: { etag: '"one"', 'cache-control': 'no-store', 'x-own': 'of its own' },
      },
      why: "the backend's own headers",
    },
  ],
  root,
);
