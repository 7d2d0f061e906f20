import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
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
