import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, redirected } from '../../helpers/traffic/exchange.ts';

const { rows } = mirror(
  undefined,
  ['HTTPRouteSchemeRedirect'],
  'gateway-api/httproute-redirect-host-with-port',
);

const host = 'host-with-port.redirect.example.com';
const row = (asked: string, path: string, status: number, to: string): Exchange => ({
  request: { host: asked, path },
  answer: redirected(status, to),
});

rows(
  [
    row(host, '/scheme', 302, `https://${host}/scheme`),
    row(`${host}:8080`, '/scheme', 302, `https://${host}/scheme`),
    row(`${host}:8080`, '/status', 301, `http://${host}/status`),
  ],
  { request: { host, path: '/other' }, answer: { status: 200, backend: v1 } },
);
