import { shared } from '../../helpers/dialects.ts';
import { about, testOn } from '../../helpers/test.ts';
import { type Exchange, exchangeTitle, notFound } from '../../helpers/traffic/exchange.ts';

const test = testOn(
  shared('istio-api'),
  { file: 'httpbin', into: 'guest' },
  'ingress-gateways/virtual-services',
);
const facts = about({ dialect: 'istio-api', features: [] });

const from = (backend: string): Exchange['answer'] => ({ status: 200, backend });
const headers = '/headers';
const near: Exchange = {
  request: { host: 'near.example.com', path: '/status/200' },
  answer: from('httpbin'),
};

const rows: Exchange[] = [
  { ...near, why: "of the Gateway's namespace, which names it alone" },
  {
    request: { host: 'near.example.com', path: headers },
    answer: from('httpbin'),
    why: 'by the second VirtualService for the host',
  },
  {
    request: { host: 'far.example.com', path: headers },
    answer: from('guest/httpbin'),
    why: 'of another namespace, which names it with its namespace',
  },
  {
    request: { host: 'unqualified.example.com', path: headers },
    answer: notFound,
    why: 'of another namespace, which names it alone',
  },
  {
    request: { host: 'misnamed.example.com', path: headers },
    answer: notFound,
    why: 'which names it with a namespace that is not its own',
  },
  {
    request: { host: 'theirs.example.com', path: headers },
    answer: from('guest/httpbin'),
    why: 'of the namespace for which the Gateway keeps the host',
  },
  {
    request: { host: 'own.example.com', path: headers },
    answer: notFound,
    why: 'of another namespace than that for which the Gateway keeps the host',
  },
];

for (const row of rows) {
  test(exchangeTitle(row), facts, async ({ ingress, expect }) => {
    await expect(ingress).toAnswer(row, { while: near });
  });
}
