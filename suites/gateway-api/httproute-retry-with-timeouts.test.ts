import { mirrored, v3 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import { type Exchange, exchangeTitle } from '../../helpers/traffic/exchange.ts';

const test = testOn(
  { shared: 'gateway-api/shared' },
  { file: 'httpbin', into: 'in-time' },
  'gateway-api/httproute-retry-with-timeouts',
);

const backend = 'in-time/httpbin';

/** The backend fails so many times, and then no more. */
const recovers = (path: string, failures: number): Exchange => ({
  request: {
    host: 'recovers.retry-in-time.example.com',
    path: `/retry/${path}?responseCode=500&succeedAfter=${failures}&uuid={uuid}`,
  },
  answer: { status: 200, backend: v3 },
});
/** The backend fails whenever it is asked, after so long. */
const failing = (name: string, delay: string) => ({
  host: `${name}.retry-in-time.example.com`,
  path: `/drip?delay=${delay}&duration=0s&code=500`,
});

const cases = [
  {
    official: 'HTTPRouteRetryWithRequestTimeout',
    features: ['HTTPRouteRetryCodes', 'HTTPRouteRequestTimeout'],
    routes: ['retry-and-recover-in-time', 'retry-request-timeout', 'retry-long-request-timeout'],
    rows: [
      recovers('request', 1),
      {
        request: failing('long-request', '200ms'),
        answer: { status: 500, backend, times: 4 },
        why: 'together within the 10s that the request has',
      },
      {
        request: failing('request', '200ms'),
        answer: { status: 504, backend, times: 'at least once' },
        why: 'together past the 500ms that the request has',
      },
    ],
  },
  {
    official: 'HTTPRouteRetryWithBackendTimeout',
    features: ['HTTPRouteRetryCodes', 'HTTPRouteRequestTimeout', 'HTTPRouteBackendTimeout'],
    routes: ['retry-and-recover-in-time', 'retry-backend-timeout'],
    rows: [
      recovers('backend', 3),
      {
        request: failing('backend', '200ms'),
        answer: { status: 500, backend, times: 4 },
        why: 'each within the 500ms that the backend has',
      },
      {
        request: failing('backend', '1s'),
        answer: { status: 504, backend, times: 'at least once' },
        why: 'past the 500ms that the backend has',
      },
    ],
  },
] satisfies { official: string; features: string[]; routes: string[]; rows: Exchange[] }[];

for (const { official, features, routes, rows } of cases) {
  const facts = mirrored(official, 'Gateway', 'HTTPRoute', ...features);
  test(
    `${routes.join(' and ')} accepted, with references resolved`,
    facts,
    async ({ scene, gateway, expect }) => {
      for (const route of routes) {
        await expect(scene.route(route).at(gateway)).toReport({
          conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
        });
      }
    },
  );
  for (const row of rows) {
    test(exchangeTitle(row), facts, async ({ ingress, expect }) => {
      await expect(ingress).toAnswer(row);
    });
  }
}
