import { mirror, mirrored, v1, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { test, rows, accepted } = mirror(
  'HTTPRouteMatchingAcrossRoutes',
  [],
  'gateway-api/httproute-matching-across-routes',
);

const one = 'one.across-routes.example.com';
const other = 'other.across-routes.example.com';
const row = (host: string, path: string, backend: string, headers?: Record<string, string>): Exchange => ({
  request: { host, path, headers },
  answer: { status: 200, backend },
});

accepted('matching-across-routes-both-hosts', 'matching-across-routes-one-host');
rows(
  [
    row(one, '/', v1),
    row(one, '/example', v1),
    row(one, '/example', v1, { version: 'one' }),
    row(one, '/v2', v2),
    row(one, '/v2/example', v2),
    row(one, '/', v2, { version: 'two' }),
    row(one, '/v2', v2, { version: 'one' }),
    row(one, '/v2example', v1),
    // the second route is not for this host
    row(other, '/example', v1),
    row(other, '/v2', v1),
    row(other, '/', v1, { version: 'two' }),
    { request: { host: 'across-routes.example.com', path: '/v2' }, answer: notFound },
  ],
  row(one, '/', v1),
);

test(
  'over one connection that is kept, each request gets to the backend of its own route',
  mirrored(undefined, 'Gateway', 'HTTPRoute'),
  async ({ ingress, hold, expect }) => {
    await expect(ingress).toAnswer(row(one, '/', v1));
    await expect(await hold(ingress)).toAnswer([
      row(one, '/', v1),
      row(one, '/v2', v2),
      row(other, '/v2', v1),
      row(one, '/', v2, { version: 'two' }),
      { request: { host: 'across-routes.example.com', path: '/v2' }, answer: notFound },
    ]);
  },
);
