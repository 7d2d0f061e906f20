import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, redirected } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteRedirectScheme',
  ['HTTPRouteSchemeRedirect'],
  'gateway-api/httproute-redirect-scheme',
);

const host = 'scheme.redirect.example.com';
const row = (path: string, status: number, location: string, asked = host): Exchange => ({
  request: { host: asked, path },
  answer: redirected(status, location),
});
const plain: Exchange = { request: { host, path: '/schemes' }, answer: { status: 200, backend: v1 } };

accepted('redirect-scheme');
rows(
  [
    row('/scheme', 302, `https://${host}/scheme`),
    row('/scheme/child?page=2', 302, `https://${host}/scheme/child?page=2`),
    row('/scheme', 302, `https://${host}/scheme`, `${host}:80`),
    row('/scheme-and-host', 302, 'https://other.example.org/scheme-and-host'),
    row('/scheme-and-status', 301, `https://${host}/scheme-and-status`),
    row('/scheme-and-host-and-status', 302, 'https://other.example.org/scheme-and-host-and-status'),
    row('/same-scheme', 302, 'http://other.example.org/same-scheme'),
    plain,
  ],
  plain,
);
