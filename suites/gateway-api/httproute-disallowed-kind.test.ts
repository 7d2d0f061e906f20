import { mirror } from '../../helpers/gateway-api.ts';

const { facts, test } = mirror(
  'HTTPRouteDisallowedKind',
  ['TLSRoute'],
  'gateway-api/httproute-disallowed-kind',
);

test(
  'an HTTPRoute is not accepted where TLSRoutes only may attach',
  facts,
  async ({ scene, gateway, expect }) => {
    await expect(scene.route('disallowed-kind').at(gateway)).toReport({
      conditions: { Accepted: 'False NotAllowedByListeners', ResolvedRefs: 'True ResolvedRefs' },
    });
  },
);

test('the listener has no route', facts, async ({ gateway, expect }) => {
  await expect(gateway.listener('tls')).toReport({
    conditions: { Accepted: 'True Accepted' },
    attachedRoutes: 0,
  });
});
