import { mirrored } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';

const test = testOn('gateway-api/gateway-listener-unsupported-protocol');
const facts = mirrored('GatewayListenerUnsupportedProtocol', 'Gateway');

const unsupported = {
  conditions: { Accepted: 'False UnsupportedProtocol' },
  outdated: [],
  attachedRoutes: 0,
  supportedKinds: [],
};

test('a Gateway with no other listener is not accepted', facts, async ({ scene, expect }) => {
  const gateway = scene.gateway('only-unsupported');
  await expect(gateway).toReport({ conditions: { Accepted: 'False ListenersNotValid' }, outdated: [] });
  await expect(gateway.listener('unsupported')).toReport(unsupported);
});

test('a Gateway with another listener is accepted, and says so', facts, async ({ scene, expect }) => {
  const gateway = scene.gateway('partly-unsupported');
  await expect(gateway).toReport({ conditions: { Accepted: 'True ListenersNotValid' }, outdated: [] });
  await expect(gateway.listener('unsupported')).toReport(unsupported);
  await expect(gateway.listener('http')).toReport({
    conditions: { Accepted: 'True Accepted' },
    outdated: [],
    attachedRoutes: 0,
    supportedKinds: ['HTTPRoute'],
  });
});
