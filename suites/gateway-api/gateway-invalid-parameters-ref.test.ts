import { mirrored } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';

const test = testOn('gateway-api/gateway-invalid-parameters-ref');
const facts = mirrored('GatewayInvalidParametersRef', 'Gateway', 'GatewayInfrastructure');

for (const name of ['parameters-of-unknown-kind', 'parameters-that-are-not-there']) {
  test(`a Gateway with ${name} is not accepted`, facts, async ({ scene, expect }) => {
    await expect(scene.gateway(name)).toReport({
      conditions: { Accepted: 'False InvalidParameters' },
      outdated: [],
    });
  });
}
