import { bareAddress, inEachDialect, type Row } from '../../helpers/dialects.ts';
import { notFound } from '../../helpers/traffic/exchange.ts';
import { authority } from '../../helpers/traffic/request.ts';

// hosts that no other suite configures: Istio serves all Ingresses of a cluster by the same pods
const served = (host: string): Row => ({
  request: { host, path: '/headers' },
  answer: { status: 200, backend: 'httpbin', seen: { host } },
});

const hosts = [
  'any.example.com',
  'shop.example.org:80',
  'a.name.of.many.labels.test',
  'localhost',
  'xn--bcher-kva.example',
  'UPPER.example.net',
  '192.0.2.1',
  '[2001:db8::1]:8080',
  '',
];

const unexposed: Row[] = [
  { request: { host: 'any.example.com', path: '/' }, answer: notFound },
  { request: { host: 'any.example.com', path: '/status/200' }, answer: notFound },
  {
    request: { host: 'shop.example.org', path: '/headersx' },
    answer: notFound,
    except: {
      'istio-api': {
        answer: { status: 404, backend: 'httpbin' },
        because:
          "the prefix in a VirtualService is one of the text, not of the path's parts: /headers matches /headersx too",
      },
    },
  },
  { request: { path: '/Headers' }, answer: notFound, why: 'in another case' },
];

inEachDialect(
  'ingress-gateways/any-host',
  (part) => {
    const { test, facts } = part;

    for (const host of hosts) {
      const { title, facts: ofRow, exchange } = part.in(served(host));
      test(title, ofRow, async ({ ingress, expect }) => {
        await expect(ingress).toAnswer(exchange);
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

    for (const row of unexposed) {
      const { title, facts: ofRow, exchange } = part.in(row);
      test(title, ofRow, async ({ ingress, expect }) => {
        await expect(ingress).toAnswer(exchange, { while: served('any.example.com') });
      });
    }
  },
  { gateway: bareAddress },
);
