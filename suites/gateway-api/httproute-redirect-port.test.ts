import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, redirected } from '../../helpers/traffic/exchange.ts';

const { rows, beyond, accepted } = mirror(
  'HTTPRouteRedirectPort',
  ['HTTPRoutePortRedirect'],
  'gateway-api/httproute-redirect-port',
);

const host = 'port.redirect.example.com';
const row = (path: string, status: number, location: string, asked = host): Exchange => ({
  request: { host: asked, path },
  answer: redirected(status, location),
});
const plain: Exchange = { request: { host, path: '/ports' }, answer: { status: 200, backend: v1 } };

accepted('redirect-port');
rows(
  [
    row('/port', 302, `http://${host}:8083/port`),
    row('/port/child?page=2', 302, `http://${host}:8083/port/child?page=2`),
    row('/port', 302, `http://${host}:8083/port`, `${host}:80`),
    row('/port', 302, `http://${host}:8083/port`, `${host}:8080`),
    row('/port-and-host', 302, 'http://other.example.org:8083/port-and-host'),
    row('/port-and-status', 301, `http://${host}:8083/port-and-status`),
    row('/port-and-host-and-status', 302, 'http://other.example.org:8083/port-and-host-and-status'),
    plain,
  ],
  plain,
);

beyond([row('/port-443', 302, `http://${host}:443/port-443`)], plain);
