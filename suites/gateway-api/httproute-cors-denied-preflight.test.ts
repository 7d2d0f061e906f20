import { mirror, v1 } from '../../helpers/gateway-api.ts';
import type { Exchange, Expected } from '../../helpers/traffic/exchange.ts';

// an origin that is not listed MUST get none of the headers; Gateway API's own suite looks at allow-origin alone
const { rows } = mirror(undefined, ['HTTPRouteCORS'], 'gateway-api/httproute-cors-denied-preflight');

type Headers = Extract<Expected, { status: unknown }>['headers'];

const host = 'denied-preflight.cors.example.com';
const preflight = (origin: string, status: number[], headers: Headers): Exchange => ({
  request: {
    method: 'OPTIONS',
    host,
    path: '/',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'x-request-one',
    },
  },
  answer: { status, backend: null, headers },
  why: `from ${origin}`,
});

const listed = preflight('https://www.shop.example', [200, 204], {
  'access-control-allow-origin': 'https://www.shop.example',
  'access-control-allow-methods': 'GET',
});
const other = preflight('https://other.example', [200, 204, 403], {
  'access-control-allow-origin': null,
  'access-control-allow-credentials': null,
  'access-control-allow-methods': null,
  'access-control-allow-headers': null,
  'access-control-expose-headers': null,
  'access-control-max-age': null,
});

rows([listed, other], { request: { host, path: '/' }, answer: { status: 200, backend: v1 } });
