import { hosts, inEachDialect, type Row } from '../../helpers/dialects.ts';
import { notFound } from '../../helpers/traffic/exchange.ts';

// not /headers: Istio serves all Ingresses by the same pods, and one for any host has that path
const path = '/anything';
const served = (host: string): Row => ({
  request: { host, path },
  answer: { status: 200, backend: 'httpbin', seen: { host } },
});

const rows: Row[] = [
  served('a.wild.example.com'),
  served('b.wild.example.com:80'),
  {
    ...served('a.b.wild.example.com'),
    why: 'two labels below',
    except: {
      // answered all the same: what is said here is why it should not be
      ingress: {
        answer: served('a.b.wild.example.com').answer,
        because:
          "the Ingress specification has a wildcard stand for one label; Istio serves it by the host's ending, as its own API does",
      },
    },
  },
  { request: { host: 'wild.example.com', path }, answer: notFound, why: 'the name itself' },
  { request: { host: 'xwild.example.com', path }, answer: notFound, why: 'the same ending' },
  { request: { host: 'a.wild.example.com.other', path }, answer: notFound, why: 'a name that goes on' },
  { request: { path }, answer: notFound, why: 'the bare address' },
];

inEachDialect(
  'ingress-gateways/wildcard-hosts',
  (part) => {
    for (const row of rows) {
      const { title, facts, exchange } = part.in(row);
      part.test(title, facts, async ({ ingress, expect }) => {
        await expect(ingress).toAnswer(exchange, { while: served('while.wild.example.com') });
      });
    }
  },
  { gateway: hosts },
);
