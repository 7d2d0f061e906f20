import { describe } from 'vitest';
import { mirrored, v1, v2 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import { type Exchange, exchangeTitle, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn({ shared: 'gateway-api/shared' }, 'gateway-api/gateway-http-listener-isolation');
const facts = mirrored(
  'GatewayHTTPListenerIsolation',
  'Gateway',
  'GatewayHTTPListenerIsolation',
  'HTTPRoute',
);

/** Each listener with a host that is its own, as the most specific one that has it. */
const listeners = [
  ['empty-hostname', 'bar.com'],
  ['wildcard-example-com', 'bar.example.com'],
  ['wildcard-foo-example-com', 'bar.foo.example.com'],
  ['abc-foo-example-com', 'abc.foo.example.com'],
] as const;

/** Routes without host names, and with several that they share. */
const sets = [
  { name: 'isolation', prefix: 'hosts-of', backend: v1 },
  { name: 'isolation-own-hosts', prefix: 'own-hosts-of', backend: v2 },
];

for (const { name, prefix, backend } of sets) {
  describe(`Gateway ${name}`, () => {
    for (const [listener, host] of listeners) {
      const route = `${prefix}-${listener}`;
      const served: Exchange = { request: { host, path: `/${listener}` }, answer: { status: 200, backend } };

      test(`accepted by its listener: ${route}`, facts, async ({ scene, expect }) => {
        const gateway = scene.gateway(name);
        await expect(scene.route(route).at(gateway, listener)).toReport({
          conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
          outdated: [],
        });
        await expect(gateway.listener(listener)).toReport({ attachedRoutes: 1 });
      });

      for (const [other] of listeners) {
        const row: Exchange =
          other === listener ? served : { request: { host, path: `/${other}` }, answer: notFound };
        test(exchangeTitle(row), facts, async ({ scene, expect }) => {
          await expect(await scene.gateway(name).ingress(listener)).toAnswer(row, { while: served });
        });
      }
    }
  });
}
