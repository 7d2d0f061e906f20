import { mirror } from '../../helpers/gateway-api.ts';
import { type Exchange, type Expected, serverError } from '../../helpers/traffic/exchange.ts';

// without alternative names the certificate MUST be for the hostname; Gateway API's own suite asks for a host that no
// route has, and takes the 404 for a refusal
const { rows } = mirror(
  undefined,
  ['BackendTLSPolicy'],
  'gateway-api/tls-backend',
  'gateway-api/backendtlspolicy-hostname',
);

const at = (path: string, answer: Expected): Exchange => ({
  request: { host: 'hostname.backend-tls.example.com', path: `/${path}`, marked: true },
  answer,
});
const served = at('its-name', {
  status: 200,
  backend: 'tls-backend',
  seen: { ':server-name': 'backend.example.com' },
});

rows([served, at('another-name', serverError)], served);
