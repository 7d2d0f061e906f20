import { mirror, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, internalError } from '../../helpers/traffic/exchange.ts';

const { rows, accepted, unresolved } = mirror(
  'HTTPRouteInvalidReferenceGrant',
  ['ReferenceGrant'],
  'gateway-api/httproute-invalid-reference-grant',
);

const granted: Exchange = {
  request: { host: 'granted.example.com', path: '/' },
  answer: { status: 200, backend: v2 },
};

unresolved('not-granted', 'RefNotPermitted');
accepted('granted');
rows([{ request: { host: 'not-granted.example.com', path: '/' }, answer: internalError }, granted], granted);
