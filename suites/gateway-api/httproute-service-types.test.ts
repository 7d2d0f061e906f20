import { mirror, v1 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror('HTTPRouteServiceTypes', [], 'gateway-api/httproute-service-types');

const row = (path: string): Exchange => ({
  request: { host: 'service-types.example.com', path },
  answer: { status: 200, backend: v1 },
});

accepted('service-types');
rows(['/manual-endpoints', '/headless', '/headless-manual-endpoints'].map(row), row('/headless'));
