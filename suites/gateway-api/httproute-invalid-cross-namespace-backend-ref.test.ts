import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, internalError } from '../../helpers/traffic/exchange.ts';

const { rows, accepted, unresolved } = mirror(
  'HTTPRouteInvalidCrossNamespaceBackendRef',
  ['ReferenceGrant'],
  'gateway-api/httproute-invalid-cross-namespace-backend-ref',
);

const own: Exchange = {
  request: { host: 'same-namespace-backend.example.com', path: '/' },
  answer: { status: 200, backend: v1 },
};

unresolved('cross-namespace-backend', 'RefNotPermitted');
accepted('same-namespace-backend');
rows(
  [{ request: { host: 'cross-namespace-backend.example.com', path: '/' }, answer: internalError }, own],
  own,
);
