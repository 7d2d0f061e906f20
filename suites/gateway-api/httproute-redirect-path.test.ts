import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, redirected } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteRedirectPath',
  ['HTTPRoutePathRedirect'],
  'gateway-api/httproute-redirect-path',
);

const host = 'path.redirect.example.com';
const row = (path: string, to: string, status = 302, why?: string): Exchange => ({
  request: { host, path },
  answer: redirected(status, new URL(to, `http://${host}`).href),
  why,
});
const plain = (path: string): Exchange => ({ request: { host, path }, answer: { status: 200, backend: v1 } });

accepted('redirect-path');
rows(
  [
    row('/swap/child', '/new/child'),
    row('/swap', '/new'),
    row('/swap/', '/new/', 302, 'with a slash'),
    row('/swap/child?page=2', '/new/child?page=2'),
    row('/swap/swap', '/new/swap'),
    row('/swap-from-slash/child', '/new/child'),
    row('/strip', '/'),
    row('/longer/child', '/new/and/longer/child'),
    row('/full', '/new'),
    row('/full/child', '/new'),
    row('/full/child?page=2', '/new?page=2'),
    row('/path-and-host/child', 'http://other.example.org/new/child'),
    row('/path-and-status/child', '/new/child', 301),
    row('/full-and-host/child', 'http://other.example.org/new'),
    row('/full-and-status/child', '/new', 301),
    plain('/swaps'),
    plain('/before/swap'),
    plain('/Full'),
  ],
  plain('/swaps'),
);
