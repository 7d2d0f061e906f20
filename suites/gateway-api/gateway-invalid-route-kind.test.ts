import { mirrored } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';

const test = testOn('gateway-api/gateway-invalid-route-kind');
const facts = mirrored('GatewayInvalidRouteKind', 'Gateway');

const listeners = [
  { listener: 'only-invalid', refs: 'False InvalidRouteKinds', supportedKinds: [], attachedRoutes: 0 },
  { listener: 'of-another-group', refs: 'False InvalidRouteKinds', supportedKinds: [], attachedRoutes: 0 },
  {
    listener: 'partly-invalid',
    refs: 'False InvalidRouteKinds',
    supportedKinds: ['HTTPRoute'],
    attachedRoutes: 0,
  },
  { listener: 'valid', refs: 'True ResolvedRefs', supportedKinds: ['HTTPRoute'], attachedRoutes: 1 },
];

for (const { listener, refs, ...others } of listeners) {
  test(`listener ${listener} reports ${refs}`, facts, async ({ scene, gateway, expect }) => {
    await expect(scene.route('to-valid').at(gateway, 'valid')).toReport({
      conditions: { Accepted: 'True Accepted' },
    });
    await expect(gateway.listener(listener)).toReport({
      conditions: { ResolvedRefs: refs },
      outdated: [],
      ...others,
    });
  });
}

test(
  'a route of a kind that is not among them is not accepted',
  facts,
  async ({ scene, gateway, expect }) => {
    await expect(scene.route('to-only-invalid').at(gateway, 'only-invalid')).toReport({
      conditions: { Accepted: 'False NotAllowedByListeners' },
    });
  },
);

test(
  'a route of a kind that is valid, but not among them, is not accepted',
  mirrored(undefined, 'Gateway', 'HTTPRoute', 'GRPCRoute'),
  async ({ scene, gateway, expect }) => {
    await expect(scene.route('to-another-kind').at(gateway, 'of-another-kind')).toReport({
      conditions: { Accepted: 'False NotAllowedByListeners' },
    });
    await expect(gateway.listener('of-another-kind')).toReport({
      conditions: { ResolvedRefs: 'True ResolvedRefs' },
      supportedKinds: ['GRPCRoute'],
      attachedRoutes: 0,
    });
  },
);
