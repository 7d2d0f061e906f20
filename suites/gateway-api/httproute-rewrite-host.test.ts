import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { rows, accepted } = mirror(
  'HTTPRouteRewriteHost',
  ['HTTPRouteHostRewrite'],
  'gateway-api/httproute-rewrite-host',
);

const host = 'host.rewrite.example.com';
const row = (path: string, backend: string, to: string, asked = host): Exchange => ({
  request: { host: asked, path },
  answer: { status: 200, backend, seen: { host: to, ':path': path } },
});

accepted('rewrite-host');
rows(
  [
    row('/one', v1, 'one.example.org'),
    row('/one/child?page=2', v1, 'one.example.org'),
    row('/one', v1, 'one.example.org', `${host}:8080`),
    row('/two', v2, 'any.example.org'),
    row('/ones', v2, 'any.example.org'),
    row('/plain', v1, host),
    row('/plain', v1, `${host}:8080`, `${host}:8080`),
    {
      request: {
        host,
        path: '/one/and-modify',
        headers: {
          'X-Header-Set': 'sent',
          'X-Header-Append': 'sent',
          'X-Header-Remove': 'sent',
          'X-Other': 'sent',
        },
      },
      answer: {
        status: 200,
        backend: v2,
        seen: {
          host: 'modified.example.org',
          ':path': '/one/and-modify',
          'x-header-set': 'set',
          'x-header-add': 'added',
          'x-header-append': ['sent', 'appended'],
          'x-header-remove': null,
          'x-other': 'sent',
        },
      },
    },
  ],
  row('/plain', v1, host),
);
