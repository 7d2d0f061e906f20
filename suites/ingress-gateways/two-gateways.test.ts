import { hosts, ports, shared } from '../../helpers/dialects.ts';
import { about, testOn } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn(shared('gateway-api'), hosts, ports, 'ingress-gateways/two-gateways');
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const host = 'shared.example.com';
const listener = 'twin';
const sides = [
  { own: 'left', at: 'hosts', other: 'right' },
  { own: 'right', at: 'ports', other: 'left' },
];

for (const { own, at, other } of sides) {
  const exchanges: Exchange[] = [
    {
      request: { host, path: '/both' },
      answer: { status: 200, backend: `echo-${own}`, seen: { host } },
    },
    { request: { host, path: `/${own}` }, answer: { status: 200, backend: `echo-${own}` } },
    { request: { host, path: `/${other}` }, answer: notFound },
  ];

  test(
    `the ${own} Gateway serves its own route and nothing of the ${other} one`,
    facts,
    async ({ scene, expect }) => {
      await expect(await scene.gateway(at).ingress(listener)).toAnswer(exchanges);
    },
  );

  test(`the ${own} Gateway has its own route attached, and no other`, facts, async ({ scene, expect }) => {
    const gateway = scene.gateway(at);
    await expect(scene.route(own).at(gateway, listener)).toReport({
      conditions: { Accepted: 'True Accepted' },
    });
    await expect(gateway.listener(listener)).toReport({ attachedRoutes: 1 });
  });
}

test('the two have addresses of their own', facts, async ({ scene, expect }) => {
  const [left, right] = await Promise.all([
    scene.gateway('hosts').stated(listener),
    scene.gateway('ports').stated(listener),
  ]);
  expect(left.leadsTo, 'each Gateway has its own address').not.toEqual(right.leadsTo);
  for (const [ingress, own] of [
    [left, 'left'],
    [right, 'right'],
  ] as const) {
    await expect(ingress).toAnswer({
      request: { host, path: '/both' },
      answer: { status: 200, backend: `echo-${own}` },
    });
  }
});
