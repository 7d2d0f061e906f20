import { mirrored } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';

const test = testOn({ shared: 'gateway-api/shared' }, 'gateway-api/gateway-with-attached-routes');
const facts = mirrored('GatewayWithAttachedRoutes', 'Gateway', 'HTTPRoute');

const valid = { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs', Programmed: 'True Programmed' };

for (const { listener, attachedRoutes } of [
  { listener: 'one', attachedRoutes: 1 },
  { listener: 'two', attachedRoutes: 2 },
]) {
  test(`listener ${listener} has ${attachedRoutes} attached`, facts, async ({ gateway, expect }) => {
    await expect(gateway.listener(listener)).toReport({
      conditions: valid,
      outdated: [],
      attachedRoutes,
      supportedKinds: ['HTTPRoute'],
    });
  });
}

test(
  'a route that the listener has no host name for is not counted',
  facts,
  async ({ scene, gateway, expect }) => {
    await expect(scene.route('not-attached-to-two').at(gateway, 'two')).toReport({
      conditions: { Accepted: 'False NoMatchingListenerHostname' },
      outdated: [],
    });
    await expect(gateway.listener('two')).toReport({ attachedRoutes: 2 });
  },
);

test(
  'a listener without its certificate has a route without its backend attached',
  facts,
  async ({ scene, gateway, expect }) => {
    await expect(gateway.listener('tls')).toReport({
      conditions: { ResolvedRefs: 'False InvalidCertificateRef', Programmed: 'False' },
      outdated: [],
      attachedRoutes: 1,
      supportedKinds: ['HTTPRoute'],
    });
    await expect(scene.route('attached-unresolved').at(gateway, 'tls')).toReport({
      conditions: { ResolvedRefs: 'False BackendNotFound' },
      outdated: [],
    });
  },
);
