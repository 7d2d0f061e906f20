import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, type Expected, serverError } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, accepted } = mirror(undefined, [], 'gateway-api/httproute-backend-endpoints');

const host = 'backend-endpoints.example.com';
const from = (backend: string): Expected => ({ status: 200, backend });
const at = (path: string, answer: Expected): Exchange => ({ request: { host, path }, answer });

accepted('backend-endpoints');
rows([at('/second-port', from(v1)), at('/first-port', serverError)], at('/second-port', from(v1)));

test('only ready endpoints of a Service are asked', facts, async ({ ingress, expect }) => {
  await expect(ingress).toSplit({ host, path: '/partly-ready' }, [
    { weight: 1, answer: from(v1) },
    { weight: 0, answer: from(v2) },
  ]);
});
