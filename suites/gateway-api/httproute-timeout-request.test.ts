import { mirror, v1 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteTimeoutRequest',
  ['HTTPRouteRequestTimeout'],
  'gateway-api/httproute-timeout-request',
);

const host = 'request-timeout.example.com';
const slow = '?delay=1s';
const inTime: Exchange = { request: { host, path: '/short' }, answer: { status: 200, backend: v1 } };
const waited = (path: string, why: string, of = host): Exchange => ({
  request: { host: of, path: `${path}${slow}` },
  answer: { status: 200, backend: v1, times: 1 },
  why,
});

accepted('request-timeout', 'request-timeout-unset');
rows(
  [
    inTime,
    {
      request: { host, path: `/short${slow}` },
      answer: { status: 504, backend: v1, times: 1 },
      why: 'past the 500ms of its rule',
    },
    waited('/long', 'within the 10s of its rule'),
    waited('/disabled', 'with 0s, which is no limit'),
    waited('/short', 'by a route that has no timeout', 'no-request-timeout.example.com'),
  ],
  inTime,
);
