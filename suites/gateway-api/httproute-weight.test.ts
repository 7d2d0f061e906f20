import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import type { Expected } from '../../helpers/traffic/exchange.ts';

const { facts, test, accepted } = mirror('HTTPRouteWeight', [], 'gateway-api/httproute-weight');

const host = 'weight.example.com';
const from = (backend: string): Expected => ({ status: 200, backend });

accepted('weight');
test(
  '70 % of requests from one backend, 30 % from another, none from one of weight 0',
  facts,
  async ({ ingress, expect }) => {
    await expect(ingress).toSplit({ host, path: '/weights' }, [
      { weight: 70, answer: from(v1) },
      { weight: 30, answer: from(v2) },
      { weight: 0, answer: from(v3) },
    ]);
  },
);
test('a weight that is left out is 1', facts, async ({ ingress, expect }) => {
  await expect(ingress).toSplit({ host, path: '/default' }, [
    { weight: 1, answer: from(v1) },
    { weight: 4, answer: from(v2) },
  ]);
});
