import { mirror } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, accepted } = mirror(
  'HTTPRouteCrossNamespace',
  [],
  { shared: 'gateway-api/listeners' },
  'gateway-api/httproute-cross-namespace',
);

const row = (path: string, why?: string): Exchange => ({
  request: { host: 'any.example', path },
  answer: { status: 200, backend: 'web/web' },
  why,
});

accepted('cross-namespace');
test(
  'a route of a namespace that is not selected is not accepted',
  facts,
  async ({ scene, gateway, expect }) => {
    await expect(scene.route('not-selected').at(gateway)).toReport({
      conditions: { Accepted: 'False NotAllowedByListeners' },
    });
    await expect(gateway.listener('cross-namespace')).toReport({ attachedRoutes: 1 });
  },
);
rows([row('/'), row('/other', 'where the route of the other namespace would redirect')], row('/'), (scene) =>
  scene.gateway('listeners').ingress('cross-namespace'),
);
