import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn(
  { shared: 'gateway-api/shared' },
  { shared: 'gateway-api/listeners' },
  'gateway-api/httproute-invalid-parent-refs',
);

/** Official cases on one Gateway: the listener that each is about, the route that attaches, the one that must not. */
const cases = [
  {
    official: 'HTTPRouteInvalidCrossNamespaceParentRef',
    features: [],
    listener: 'same',
    attached: 'of-same-namespace',
    detached: 'of-other-namespace',
    conditions: { Accepted: 'False NotAllowedByListeners', ResolvedRefs: 'True ResolvedRefs' },
    host: 'same.parent.example.com',
  },
  {
    official: 'HTTPRouteInvalidParentRefNotMatchingSectionName',
    features: [],
    listener: 'by-section',
    attached: 'to-section',
    detached: 'to-no-section',
    conditions: { Accepted: 'False NoMatchingParent' },
    host: 'section.parent.example.com',
  },
  {
    official: 'HTTPRouteInvalidParentRefNotMatchingListenerPort',
    features: ['HTTPRouteDestinationPortMatching'],
    listener: 'by-port',
    attached: 'to-port',
    detached: 'to-no-port',
    conditions: { Accepted: 'False NoMatchingParent', ResolvedRefs: 'True ResolvedRefs' },
    host: 'port.parent.example.com',
  },
  {
    official: 'HTTPRouteInvalidParentRefSectionNameNotMatchingPort',
    features: ['HTTPRouteParentRefPort'],
    listener: 'by-both',
    attached: 'to-section-and-port',
    detached: 'to-section-and-no-port',
    conditions: { Accepted: 'False NoMatchingParent' },
    host: 'both.parent.example.com',
  },
];

for (const { official, features, listener, attached, detached, conditions, host } of cases) {
  const facts = mirrored(official, 'Gateway', 'HTTPRoute', ...features);

  test(
    `${detached}: not accepted, and ${attached} the only one attached to ${listener}`,
    facts,
    async ({ scene, gateway, expect }) => {
      await expect(scene.route(detached).at(gateway)).toReport({ conditions });
      await expect(scene.route(attached).at(gateway)).toReport({
        conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      });
      await expect(gateway.listener(listener)).toReport({ attachedRoutes: 1 });
    },
  );

  test(`${detached}: not served, while ${attached} is`, facts, async ({ gateway, expect }) => {
    const served: Exchange = { request: { host, path: '/attached' }, answer: { status: 200, backend: v1 } };
    await expect(await gateway.ingress(listener)).toAnswer([
      { request: { host, path: '/detached' }, answer: notFound },
      served,
    ]);
  });
}
