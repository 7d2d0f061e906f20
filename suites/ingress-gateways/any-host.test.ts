import { about, testOn } from '../../helpers/test.ts';
import { type Exchange, exchangeTitle, notFound } from '../../helpers/traffic/exchange.ts';
import { authority } from '../../helpers/traffic/request.ts';

const test = testOn('httpbin', 'ingress-gateways/any-host');
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const served = (host: string): Exchange => ({
  request: { host, path: '/headers' },
  answer: { status: 200, backend: 'httpbin', seen: { host } },
});

const hosts = [
  'httpbin.example.com',
  'shop.example.org:80',
  'a.name.of.many.labels.test',
  'localhost',
  'xn--bcher-kva.example',
  'UPPER.example.net',
  '192.0.2.1',
  '[2001:db8::1]:8080',
  '',
];

for (const host of hosts) {
  test(exchangeTitle(served(host)), facts, async ({ ingress, expect }) => {
    await expect(ingress).toAnswer(served(host));
  });
}

test('the bare address is answered, as a browser asks it', facts, async ({ ingress, expect }) => {
  const { request, answer } = served(authority(ingress.address));
  await expect(ingress).toAnswer({ request: { path: request.path }, answer });
});

test('the request headers are echoed as they were sent', facts, async ({ ingress, expect }) => {
  const headers = {
    accept: 'text/html,application/xhtml+xml;q=0.9',
    'accept-language': 'de-CH, de;q=0.7',
    'x-conformance': 'one, two',
  };
  await expect(ingress).toAnswer({
    request: { host: 'browser.example.com', path: '/headers', headers },
    answer: { status: 200, backend: 'httpbin', seen: { host: 'browser.example.com', ...headers } },
  });
});

const unexposed: Exchange[] = [
  { request: { host: 'httpbin.example.com', path: '/' }, answer: notFound },
  { request: { host: 'httpbin.example.com', path: '/status/200' }, answer: notFound },
  { request: { host: 'shop.example.org', path: '/headersx' }, answer: notFound },
  { request: { path: '/Headers' }, answer: notFound, why: 'in another case' },
];

for (const exchange of unexposed) {
  test(exchangeTitle(exchange), facts, async ({ ingress, expect }) => {
    await expect(ingress).toAnswer(exchange, { while: served('httpbin.example.com') });
  });
}
