import { mirrored, v1, v2 } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const facts = mirrored('HTTPRouteObservedGenerationBump', 'Gateway', 'HTTPRoute');

const exchange = (backend: string): Exchange => ({
  request: { host: 'route.generation-bump.example.com', path: '/' },
  answer: { status: 200, backend },
});
const current = {
  conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
  outdated: [],
};

test('an edited route is judged anew, and served as it is now', facts, async ({ apart, expect }) => {
  const scene = await apart(
    { shared: 'gateway-api/shared' },
    'gateway-api/httproute-observed-generation-bump',
  );
  const route = scene.route().at(scene.gateway());
  const ingress = await scene.gateway().ingress();
  await expect(route).toReport(current);
  await expect(ingress).toAnswer(exchange(v1));

  await scene.add('gateway-api/httproute-observed-generation-bump/edited');
  await expect(route).toReport(current);
  await expect(ingress).toAnswer(exchange(v2));
});
