import { shared } from '../../helpers/dialects.ts';
import { about, testOn } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn(shared('gateway-api'), 'ingress-gateways/two-gateways');
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const host = 'shared.example.com';
const sides = [
  { own: 'left', other: 'right' },
  { own: 'right', other: 'left' },
];

for (const { own, other } of sides) {
  const exchanges: Exchange[] = [
    { request: { host, path: '/both' }, answer: { status: 200, backend: `echo-${own}`, seen: { host } } },
    { request: { host, path: `/${own}` }, answer: { status: 200, backend: `echo-${own}` } },
    { request: { host, path: `/${other}` }, answer: notFound },
  ];

  test(
    `the ${own} Gateway serves its own route and nothing of the ${other} one`,
    facts,
    async ({ scene, expect }) => {
      await expect(await scene.gateway(own).ingress()).toAnswer(exchanges);
    },
  );

  test(`the ${own} Gateway has its own route attached, and no other`, facts, async ({ scene, expect }) => {
    const gateway = scene.gateway(own);
    await expect(scene.route(own).at(gateway)).toReport({ conditions: { Accepted: 'True Accepted' } });
    await expect(gateway.listener('http')).toReport({ attachedRoutes: 1 });
  });
}

test('the two have addresses of their own', facts, async ({ scene, expect }) => {
  const [left, right] = await Promise.all([scene.gateway('left').stated(), scene.gateway('right').stated()]);
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
