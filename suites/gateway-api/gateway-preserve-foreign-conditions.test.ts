import { mirrored } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';

const facts = mirrored('GatewayPreserveForeignConditions', 'Gateway');

/** What nobody writes by chance: a controller that writes it anew gives it the present time, or generation. */
const foreign = {
  type: 'example.com/SeenBySomebodyElse',
  status: 'True',
  reason: 'Seen',
  message: 'said by somebody else',
  observedGeneration: 1,
  lastTransitionTime: '2024-02-29T12:00:00Z',
};
const current = { conditions: { Accepted: 'True Accepted' }, outdated: [foreign.type] };

test(
  'conditions of another controller stay as they are when a Gateway is edited',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart('gateway-api/gateway-preserve-foreign-conditions');
    const gateway = scene.gateway();
    await expect(gateway.listener('http')).toReport({ conditions: { Accepted: 'True Accepted' } });

    const ofGateway = await scene.claim(gateway, '/status/conditions', foreign);
    const ofListener = await scene.claim(gateway, '/status/listeners/0/conditions', foreign);
    await scene.add('gateway-api/gateway-preserve-foreign-conditions/edited');
    await expect(gateway).toReport(current);
    await expect(gateway.listener('http')).toReport(current);
    await expect(ofGateway).toBeKept();
    await expect(ofListener).toBeKept();
  },
);
