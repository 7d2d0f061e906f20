import { hosts, shared } from '../../helpers/dialects.ts';
import { about, testOn } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn(
  shared('gateway-api'),
  hosts,
  { file: 'httpbin', into: 'guest' },
  { file: 'httpbin', into: 'stranger' },
  'ingress-gateways/allowed-routes',
);
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const modes = [
  { from: 'Same', listener: 'same', backend: 'httpbin', refused: 'False NotAllowedByListeners' },
  { from: 'All', listener: 'all', backend: 'stranger/httpbin', refused: 'False NoMatchingListenerHostname' },
  {
    from: 'Selector',
    listener: 'selector',
    backend: 'guest/httpbin',
    refused: 'False NotAllowedByListeners',
  },
];

for (const { from, listener, backend, refused } of modes) {
  const host = `${listener}.example.com`;
  const attached: Exchange = { request: { host, path: '/status/200' }, answer: { status: 200, backend } };
  const kept: Exchange = { request: { host, path: '/headers' }, answer: notFound };

  test(
    `from ${from}: the route that may attach is Accepted, the other one is not`,
    facts,
    async ({ scene, gateway, expect }) => {
      await expect(scene.route(`${listener}-attaches`).at(gateway, listener)).toReport({
        conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      });
      await expect(scene.route(`${listener}-must-not`).at(gateway, listener)).toReport({
        conditions: { Accepted: refused },
      });
      await expect(gateway.listener(listener)).toReport({ attachedRoutes: 1 });
    },
  );

  test(
    `from ${from}: the route that may attach is served, the other one is not`,
    facts,
    async ({ gateway, expect }) => {
      await expect(await gateway.ingress(listener)).toAnswer([attached, kept]);
    },
  );
}
