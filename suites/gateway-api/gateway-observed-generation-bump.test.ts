import { mirrored } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';

const facts = mirrored('GatewayObservedGenerationBump', 'Gateway');

const current = { conditions: { Accepted: 'True Accepted' }, outdated: [] };

test('an edited Gateway is judged anew, with all its listeners', facts, async ({ apart, expect }) => {
  const scene = await apart('gateway-api/gateway-observed-generation-bump');
  const gateway = scene.gateway();
  await expect(gateway).toReport(current);
  await expect(gateway.listener('first')).toReport(current);

  await scene.add('gateway-api/gateway-observed-generation-bump/edited');
  await expect(gateway).toReport(current);
  await expect(gateway.listener('first')).toReport(current);
  await expect(gateway.listener('second')).toReport(current);
});
