import { mirror, v1 } from '../../helpers/gateway-api.ts';
import { type Exchange, redirected } from '../../helpers/traffic/exchange.ts';

// the table of ReplacePrefixMatch in the API's reference is for rewrites and redirects alike
const { rows } = mirror(
  undefined,
  ['HTTPRoutePathRedirect'],
  'gateway-api/httproute-redirect-prefix-slashes',
);

const host = 'prefix-slashes.redirect.example.com';
const row = (path: string, to: string, why?: string): Exchange => ({
  request: { host, path },
  answer: redirected(302, `http://${host}${to}`),
  why,
});

rows(
  [
    row('/plain/child', '/new/child'),
    row('/to-slash/child', '/new/child'),
    row('/both/child', '/new/child'),
    row('/strip/child', '/child'),
    row('/strip/', '/', 'with a slash'),
    row('/empty/child', '/child'),
    row('/empty/', '/', 'with a slash'),
    row('/empty', '/'),
  ],
  { request: { host, path: '/other' }, answer: { status: 200, backend: v1 } },
);
