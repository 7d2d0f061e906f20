import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows } = mirror(
  'HTTPRouteListenerHostnameMatching',
  [],
  { shared: 'gateway-api/listeners' },
  'gateway-api/httproute-listener-hostname-matching',
);

const row = (host: string, backend: string | null): Exchange => ({
  request: { host, path: '/' },
  answer: backend === null ? notFound : { status: 200, backend },
});

for (const [route, listener] of [
  ['listener-hostname-matching-v1', 'bar'],
  ['listener-hostname-matching-v2', 'foo-bar'],
  ['listener-hostname-matching-v3', 'any-bar'],
  ['listener-hostname-matching-v3', 'any-foo'],
] as const) {
  test(`${route} accepted by listener ${listener}`, facts, async ({ scene, gateway, expect }) => {
    await expect(scene.route(route).at(gateway, listener)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
    });
    await expect(gateway.listener(listener)).toReport({
      conditions: { Accepted: 'True Accepted' },
      attachedRoutes: 1,
    });
  });
}

rows(
  [
    row('bar.example', v1),
    row('foo.bar.example', v2),
    row('foo.bar.example:8080', v2),
    row('baz.bar.example', v3),
    row('boo.bar.example', v3),
    row('multiple.prefixes.bar.example', v3),
    row('multiple.prefixes.foo.example', v3),
    row('sub.foo.bar.example', v3),
    row('foo.example', null),
    row('xbar.example', null),
    row('no.matching.host', null),
  ],
  row('bar.example', v1),
  (scene) => scene.gateway('listeners').ingress('bar'),
);
