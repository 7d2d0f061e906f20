import { mirrored } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';

const test = testOn('gateway-api/gateway-name-maximum-length');
const facts = mirrored('GatewayNameMaximumLength', 'Gateway');

test('a Gateway with the longest name that there can be is judged', facts, async ({ gateway, expect }) => {
  await expect(gateway).toReport({ outdated: [] });
});
