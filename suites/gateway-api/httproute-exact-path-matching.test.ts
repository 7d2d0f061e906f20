import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteExactPathMatching',
  [],
  'gateway-api/httproute-exact-path-matching',
);

const host = 'exact-path.example.com';
const one: Exchange = { request: { host, path: '/one' }, answer: { status: 200, backend: v1 } };
const none = (path: string, why?: string): Exchange => ({ request: { host, path }, answer: notFound, why });

accepted('exact-path-matching');
rows(
  [
    one,
    { request: { host, path: '/two' }, answer: { status: 200, backend: v2 } },
    { request: { host, path: '/one?two' }, answer: { status: 200, backend: v1 }, why: 'with a query' },
    none('/'),
    none('/one/example'),
    none('/two/', 'with a slash'),
    none('/Two', 'in another case'),
    none('/onex'),
  ],
  one,
);
