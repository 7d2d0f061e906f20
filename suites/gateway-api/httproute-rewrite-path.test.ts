import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { rows, beyond, accepted } = mirror(
  'HTTPRouteRewritePath',
  ['HTTPRoutePathRewrite'],
  'gateway-api/httproute-rewrite-path',
);

const host = 'path.rewrite.example.com';
const row = (path: string, to: string): Exchange => ({
  request: { host, path },
  answer: { status: 200, backend: v1, seen: { ':path': to, host } },
});
const slash = (path: string, to: string): Exchange => ({ ...row(path, to), why: 'with a slash' });
const plain = (path: string): Exchange => ({
  request: { host, path },
  answer: { status: 200, backend: v2, seen: { ':path': path, host } },
});
const modified = (path: string, to: string): Exchange => ({
  request: {
    host,
    path,
    headers: {
      'X-Header-Set': 'sent',
      'X-Header-Append': 'sent',
      'X-Header-Remove': 'sent',
      'X-Other': 'sent',
    },
  },
  answer: {
    status: 200,
    backend: v1,
    seen: {
      ':path': to,
      host,
      'x-header-set': 'set',
      'x-header-add': 'added',
      'x-header-append': ['sent', 'appended'],
      'x-header-remove': null,
      'x-other': 'sent',
    },
  },
});

accepted('rewrite-path');
rows(
  [
    row('/swap/child', '/new/child'),
    row('/swap', '/new'),
    slash('/swap/', '/new/'),
    row('/swap/child?page=2', '/new/child?page=2'),
    row('/swap/swap', '/new/swap'),
    row('/swap-to-slash/child', '/new/child'),
    row('/swap-from-slash/child', '/new/child'),
    row('/swap-slashes/child', '/new/child'),
    row('/strip/child', '/child'),
    slash('/strip/', '/'),
    row('/strip', '/'),
    row('/longer/child', '/new/and/longer/child'),
    row('/full', '/new'),
    row('/full/child', '/new'),
    row('/full/child?page=2', '/new?page=2'),
    modified('/swap-and-modify/child', '/new/child'),
    modified('/full-and-modify/child', '/new'),
    plain('/swaps'),
    plain('/before/swap'),
    plain('/Full'),
  ],
  plain('/swaps'),
);
beyond([row('/empty/child', '/child'), slash('/empty/', '/'), row('/empty', '/')], plain('/swaps'));
