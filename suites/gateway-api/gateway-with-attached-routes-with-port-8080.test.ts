import { mirrored } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';

const test = testOn(
  { shared: 'gateway-api/shared' },
  'gateway-api/gateway-with-attached-routes-with-port-8080',
);
const facts = mirrored('GatewayWithAttachedRoutesWithPort8080', 'Gateway', 'GatewayPort8080', 'HTTPRoute');

for (const { listener, attachedRoutes } of [
  { listener: 'http', attachedRoutes: 1 },
  { listener: 'http-unattached', attachedRoutes: 0 },
]) {
  test(`listener ${listener} has ${attachedRoutes} attached`, facts, async ({ scene, gateway, expect }) => {
    await expect(scene.route().at(gateway, 'http')).toReport({ conditions: { Accepted: 'True Accepted' } });
    await expect(gateway.listener(listener)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      outdated: [],
      attachedRoutes,
      supportedKinds: ['HTTPRoute'],
    });
  });
}
