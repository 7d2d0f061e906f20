import { mirror } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

// with v1.7 these are part of the official HTTPRouteRetry, to which v1.6, that takes no such values, knows less
const { rows, accepted } = mirror(
  undefined,
  ['HTTPRouteRetryCodes'],
  { file: 'httpbin', into: 'retry' },
  'gateway-api/httproute-retry-attempts',
);

const backend = 'retry/httpbin';
const always = (path: string, status: number, times: number, why?: string): Exchange => ({
  request: { host: 'attempts.retry.example.com', path },
  answer: { status, backend, times },
  why,
});
const once = always('/status/500', 500, 2, 'one retry, where the rule does not say how many');

accepted('retry-attempts');
rows(
  [...[500, 502, 503, 504].map((code) => always(`/drip?delay=0s&duration=0s&code=${code}`, code, 1)), once],
  once,
);
