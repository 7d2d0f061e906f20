import { mirror, v1 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, accepted } = mirror(
  'HTTPRouteRetryConnectionError',
  ['HTTPRouteRetryConnectionError'],
  'gateway-api/httproute-retry-connection-error',
);

const host = 'connection-error.example.com';
const served: Exchange = {
  request: { host, path: '/half-refused' },
  answer: { status: 200, backend: v1 },
  why: 'one of two endpoints refuses connections',
};

accepted('retry-connection-error');

test('no request ends at the endpoint that refuses connections', facts, async ({ ingress, expect }) => {
  await expect(ingress).toAnswer(served);
  // a gateway that does not retry, and takes either endpoint by chance, gets through once in a million times
  await expect(ingress).toKeepAnswering(served, { times: 20 });
});

rows(
  [
    {
      request: { host, path: '/refused' },
      answer: { status: [500, 502, 503, 504], backend: null },
      why: 'an error, where all endpoints refuse connections',
    },
  ],
  served,
);
