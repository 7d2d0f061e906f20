import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, redirected } from '../../helpers/traffic/exchange.ts';

const { rows, beyond, accepted } = mirror(
  'HTTPRouteRedirectHostAndStatus',
  [],
  'gateway-api/httproute-redirect-host-and-status',
);

const host = 'host-and-status.redirect.example.com';
const row = (path: string, status: number, location: string, method?: string): Exchange => ({
  request: { host, path, method },
  answer: redirected(status, location),
});
const plain = (path: string, why?: string): Exchange => ({
  request: { host, path },
  answer: { status: 200, backend: v1 },
  why,
});

accepted('redirect-host-and-status');
rows(
  [
    row('/host', 302, 'http://other.example.org/host'),
    row('/host/child?page=2', 302, 'http://other.example.org/host/child?page=2'),
    row('/host', 302, 'http://other.example.org/host', 'POST'),
    row('/host', 302, 'http://other.example.org/host', 'HEAD'),
    row('/host-and-301', 301, 'http://other.example.org/host-and-301'),
    row('/host-and-302', 302, 'http://other.example.org/host-and-302'),
    row('/301', 301, `http://${host}/301`),
    plain('/hosts'),
    plain('/HOST', 'in capitals'),
    plain('/host-and'),
  ],
  plain('/hosts'),
);
beyond(
  [
    {
      request: { host: `${host}:8080`, path: '/host' },
      answer: redirected(302, 'http://other.example.org/host'),
    },
  ],
  plain('/hosts'),
);
