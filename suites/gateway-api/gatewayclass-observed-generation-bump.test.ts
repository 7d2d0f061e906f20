import { mirrored } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';

const facts = mirrored('GatewayClassObservedGenerationBump', 'Gateway');

// controllers may give reasons of their own
const current = { conditions: { Accepted: 'True' }, outdated: [] };

test('an edited GatewayClass is judged anew', facts, async ({ apart, expect }) => {
  const scene = await apart('gateway-api/gatewayclass-observed-generation-bump');
  await expect(scene.gatewayClass()).toReport(current);

  await scene.add('gateway-api/gatewayclass-observed-generation-bump/edited');
  await expect(scene.gatewayClass()).toReport(current);
});
