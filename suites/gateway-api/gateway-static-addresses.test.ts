import { mirrored } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';

const facts = mirrored('GatewayStaticAddresses', 'Gateway', 'GatewayStaticAddresses');

test(
  'a Gateway is accepted when its addresses are of a known type, and programmed when all can be used',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart('gateway-api/gateway-static-addresses');
    const gateway = scene.gateway();
    await expect(gateway).toReport({ conditions: { Accepted: 'False UnsupportedAddress' }, outdated: [] });

    await scene.add('gateway-api/gateway-static-addresses/supported');
    await expect(gateway).toReport({
      conditions: { Accepted: 'True Accepted', Programmed: 'False AddressNotUsable' },
      outdated: [],
    });

    await scene.add('gateway-api/gateway-static-addresses/usable');
    await expect(gateway).toReport({
      conditions: { Accepted: 'True Accepted', Programmed: 'True Programmed' },
      outdated: [],
      addresses: [`Hostname edge.${gateway.namespace}.svc.cluster.local`],
    });
    await expect(gateway.listener('http')).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      attachedRoutes: 0,
      supportedKinds: ['HTTPRoute'],
    });
  },
);
