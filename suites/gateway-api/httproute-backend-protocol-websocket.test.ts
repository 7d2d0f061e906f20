import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, accepted } = mirror(
  'HTTPRouteBackendProtocolWebSocket',
  ['HTTPRouteBackendProtocolWebSocket'],
  'gateway-api/httproute-backend-protocol-websocket',
);

const host = 'backend-protocol-websocket.example.com';
const plain: Exchange = {
  request: { host, path: '/ws/plain' },
  answer: { status: 200, backend: v1 },
  why: 'without an upgrade',
};

accepted('backend-protocol-websocket');
rows([plain], plain);
test('text and binary messages come back over a WebSocket', facts, async ({ ingress, expect }) => {
  // the echo backend refuses one without an origin
  const request = { host, path: '/ws', headers: { origin: `http://${host}` } };
  await expect(ingress).toEcho(request, ['some text', new Uint8Array([0, 1, 2, 254, 255]), 'more']);
});
test('an upgrade at a path without a route is not found', facts, async ({ ingress, expect }) => {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  const row = { request: { host, path: '/wsx', headers: upgrade }, answer: notFound };
  await expect(ingress).toAnswer(row, { while: plain });
});
