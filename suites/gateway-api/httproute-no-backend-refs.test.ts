import { mirror, v1 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror('HTTPRouteNoBackendRefs', [], 'gateway-api/httproute-no-backend-refs');

const host = 'no-backend-refs.example.com';
const row = (path: string, backend: string | null): Exchange => ({
  request: { host, path },
  answer: { status: backend === null ? 500 : 200, backend },
});

accepted('no-backend-refs');
rows(
  [row('/', v1), row('/left-out', null), row('/empty', null), row('/left-out/child', v1), row('/emptyx', v1)],
  row('/', v1),
);
