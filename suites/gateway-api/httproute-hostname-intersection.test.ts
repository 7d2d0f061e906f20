import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, accepted } = mirror(
  'HTTPRouteHostnameIntersection',
  [],
  { shared: 'gateway-api/listeners' },
  'gateway-api/httproute-hostname-intersection',
);

const row = (host: string, path: string, backend: string | null): Exchange => ({
  request: { host, path },
  answer: backend === null ? notFound : { status: 200, backend },
});

accepted(
  'specific-host-at-specific-listener',
  'specific-hosts-at-wildcard-listener',
  'wildcard-host-at-specific-listener',
  'wildcard-host-at-wildcard-listener',
);

test('a route without a host of a listener is not accepted', facts, async ({ scene, gateway, expect }) => {
  await expect(scene.route('hosts-of-no-listener').at(gateway)).toReport({
    conditions: { Accepted: 'False NoMatchingListenerHostname', ResolvedRefs: 'True ResolvedRefs' },
  });
});

for (const [listener, attachedRoutes] of [
  ['specific', 2],
  ['wildcard', 1],
  ['another-wildcard', 1],
] as const) {
  test(`${attachedRoutes} attached to listener ${listener}`, facts, async ({ gateway, expect }) => {
    await expect(gateway.listener(listener)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      attachedRoutes,
    });
  });
}

rows(
  [
    // one host of the route's is the listener's
    row('very.specific.example', '/s1', v1),
    row('very.specific.example:1234', '/s1', v1),
    row('not.matching.example', '/s1', null),
    row('foo.not-matching.example', '/s1', null),
    row('foo.wildcard.example', '/s1', null),
    row('very.specific.example', '/s1x', null),
    // some hosts of the route's are within the listener's wildcard
    row('foo.wildcard.example', '/s2', v2),
    row('bar.wildcard.example', '/s2', v2),
    row('foo.bar.wildcard.example', '/s2', v2),
    row('baz.wildcard.example', '/s2', null),
    row('not.matching.example', '/s2', null),
    row('wildcard.example', '/s2', null),
    row('very.specific.example', '/s2', null),
    row('foo.wildcard.example', '/s2x', null),
    // the listener's host is within the route's wildcard
    row('very.specific.example', '/s3', v3),
    row('not.matching.example', '/s3', null),
    row('foo.specific.example', '/s3', null),
    row('foo.wildcard.example', '/s3', null),
    row('very.specific.example', '/s3x', null),
    // both have the same wildcard
    row('foo.another.example', '/s4', v1),
    row('bar.another.example', '/s4', v1),
    row('foo.bar.another.example', '/s4', v1),
    row('another.example', '/s4', null),
    row('foo.wildcard.example', '/s4', null),
    row('very.specific.example', '/s4', null),
    row('foo.another.example', '/s4x', null),
    // no host of the route's is of a listener
    row('specific.but.wrong.example', '/s5', null),
    row('wildcard.example', '/s5', null),
  ],
  row('very.specific.example', '/s1', v1),
  (scene) => scene.gateway('listeners').ingress('specific'),
);

test('accepted, with references resolved, by a listener for any host', facts, async ({ scene, expect }) => {
  await expect(scene.route('specific-hosts-at-any-listener').at(scene.gateway('shared'))).toReport({
    conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
  });
});

// the listener has no host: those of the route are left
const first = row('first.intersection.example.com', '/', v2);
rows(
  [
    first,
    row('sub.first.intersection.example.com', '/', v2),
    row('second.intersection.example.com', '/', v2),
    row('sub.second.intersection.example.com', '/', v2),
    row('third.intersection.example.com', '/', null),
    row('sub.third.intersection.example.com', '/', null),
    row('other.sub.first.intersection.example.com', '/', null),
  ],
  first,
  (scene) => scene.gateway('shared').ingress(),
);
