import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, internalError } from '../../helpers/traffic/exchange.ts';

const { rows, accepted, unresolved } = mirror(
  'HTTPRouteInvalidBackendRefUnknownKind',
  [],
  'gateway-api/httproute-invalid-backendref-unknown-kind',
);

const known: Exchange = {
  request: { host: 'known-kind.example.com', path: '/' },
  answer: { status: 200, backend: v1 },
};

unresolved('backend-of-unknown-kind', 'InvalidKind');
accepted('backend-of-known-kind');
rows(
  [
    { request: { host: 'unknown-kind.example.com', path: '/' }, answer: internalError },
    { request: { host: 'unknown-kind.example.com', path: '/v2' }, answer: internalError },
    known,
  ],
  known,
);
