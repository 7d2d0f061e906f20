import { mirror, v3 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteRetry',
  ['HTTPRouteRetryCodes'],
  { file: 'httpbin', into: 'retry' },
  'gateway-api/httproute-retry',
);

const httpbin = 'retry/httpbin';

/** The backend fails so many times, and then no more. */
const recovers = (path: string, code: number, failures: number): Exchange => ({
  request: {
    host: 'recovers.retry.example.com',
    path: `/retry/${path}?responseCode=${code}&succeedAfter=${failures}&uuid={uuid}`,
  },
  answer: { status: 200, backend: v3 },
});
/** The backend answers with this, whenever it is asked. */
const always = (path: string, status: number, times: number, why?: string): Exchange => ({
  request: { host: 'fails.retry.example.com', path },
  answer: { status, backend: httpbin, times },
  why,
});
const succeeds = always('/status/200', 200, 1, 'nothing to retry');
const dripping = (code: number): string => `/drip?delay=0s&duration=0s&code=${code}`;

const codes = [500, 502, 503, 504];

accepted('retry-until-it-recovers', 'retry-in-vain');
rows(
  [
    recovers('three-times', 500, 3),
    ...codes.map((code) => recovers('twice', code, 2)),
    always('/status/500', 500, 4),
    ...codes.map((code) => always(dripping(code), code, 3)),
    always('/status/503', 503, 1, 'a code that its rule does not name'),
    always('/unstable?failure_rate=1', 500, 1, 'a code that only other rules name'),
    always('/status/404', 404, 1, 'an error that no rule names'),
    succeeds,
  ],
  succeeds,
);
