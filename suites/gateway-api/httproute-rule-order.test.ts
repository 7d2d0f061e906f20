import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, accepted } = mirror('HTTPRouteRuleOrder', [], 'gateway-api/httproute-rule-order');

const host = 'rule-order.example.com';
const twice: Exchange = {
  request: { host, path: '/twice', headers: { 'x-version': 'one', 'x-color': 'blue' } },
  answer: { status: 200, backend: v1 },
};

accepted('rule-order');
test('a backend that is not there, and is first, is reported', facts, async ({ scene, gateway, expect }) => {
  await expect(scene.route('rule-order-invalid-backend').at(gateway)).toReport({
    conditions: { Accepted: 'True Accepted', ResolvedRefs: 'False BackendNotFound' },
  });
});
rows(
  [
    twice,
    // were the order one of backends, or chance, one of the two would be wrong
    { request: { host, path: '/other-way-round' }, answer: { status: 200, backend: v2 } },
    { request: { host, path: '/first-is-invalid' }, answer: { status: 500, backend: null } },
    { request: { host, path: '/twice', headers: { 'x-version': 'one' } }, answer: notFound },
  ],
  twice,
);
