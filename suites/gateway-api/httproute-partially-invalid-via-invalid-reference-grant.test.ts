import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, internalError } from '../../helpers/traffic/exchange.ts';

const { rows, unresolved } = mirror(
  'HTTPRoutePartiallyInvalidViaInvalidReferenceGrant',
  ['ReferenceGrant'],
  'gateway-api/httproute-partially-invalid-via-invalid-reference-grant',
);

const host = 'half-granted.example.com';
const granted: Exchange = { request: { host, path: '/' }, answer: { status: 200, backend: v1 } };

unresolved('half-granted', 'RefNotPermitted');
rows(
  [
    granted,
    { request: { host, path: '/v1' }, answer: { status: 200, backend: v1 } },
    { request: { host, path: '/v2' }, answer: internalError },
    { request: { host, path: '/v2/below' }, answer: internalError },
    { request: { host, path: '/v2x' }, answer: { status: 200, backend: v1 }, why: 'not below /v2' },
  ],
  granted,
);
