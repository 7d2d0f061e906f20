import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import type { Exchange, Expected } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, accepted } = mirror(
  'HTTPRouteBackendURLRewrite',
  ['HTTPRouteBackendURLRewrite'],
  'gateway-api/httproute-backend-url-rewrite',
);

const host = 'backend.rewrite.example.com';
const from = (backend: string, path: string): Expected => ({
  status: 200,
  backend,
  seen: { ':path': path, host },
});
const row = (path: string, to: string, why?: string): Exchange => ({
  request: { host, path },
  answer: from(v1, to),
  why,
});

accepted('backend-url-rewrite');
rows(
  [
    row('/full', '/new'),
    row('/full/child?page=2', '/new?page=2'),
    row('/swap', '/new'),
    row('/swap/', '/new/', 'with a slash'),
    row('/swap/child?page=2', '/new/child?page=2'),
    row('/strip', '/'),
    row('/strip/child', '/child'),
    row('/swaps', '/swaps'),
    row('/before/swap', '/before/swap'),
  ],
  row('/swaps', '/swaps'),
);
test(
  'the path is changed for the backend whose filter it is, and for no other',
  facts,
  async ({ ingress, expect }) => {
    await expect(ingress).toSplit({ host, path: '/one-of-two/child' }, [
      { weight: 1, answer: from(v1, '/new/child') },
      { weight: 1, answer: from(v2, '/one-of-two/child') },
    ]);
  },
);
