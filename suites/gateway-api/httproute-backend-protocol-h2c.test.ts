import { mirror, v1 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteBackendProtocolH2C',
  ['HTTPRouteBackendProtocolH2C'],
  'gateway-api/httproute-backend-protocol-h2c',
);

const host = 'backend-protocol-h2c.example.com';
const h2c: Exchange = {
  request: { host, path: '/', protocol: 'h2c' },
  answer: { status: 200, backend: v1, seen: { ':protocol': 'HTTP/2.0', host } },
};

accepted('backend-protocol-h2c');
rows([h2c, { ...h2c, request: { host, path: '/' }, why: 'the client by HTTP/1.1' }], h2c);
