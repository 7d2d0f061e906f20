import { describe } from 'vitest';
import { about, test as base } from '../../helpers/test.ts';
import { type Exchange, exchangeTitle, notFound } from '../../helpers/traffic/exchange.ts';

const test = base.extend('fixtures', { scope: 'file' }, ['httpbin', 'ingress-gateways/exposed-paths']);

const host = 'httpbin.example.com';
const served: Exchange = {
  request: { method: 'HEAD', host, path: '/status/200' },
  answer: { status: 200, backend: 'httpbin' },
};

const exchanges: Exchange[] = [
  served,
  { request: { host, path: '/status/418' }, answer: { status: 418, backend: 'httpbin' } },
  { request: { host, path: '/headers' }, answer: notFound },
];

describe('exposed paths', about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] }), () => {
  test.for(exchanges.map((exchange) => ({ ...exchange, title: exchangeTitle(exchange) })))(
    '$title',
    async (exchange, { ingress, expect }) => {
      await expect(ingress).toAnswer(exchange, { while: served });
    },
  );
});
