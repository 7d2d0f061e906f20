import { hosts, inEachDialect, type Row } from '../../helpers/dialects.ts';
import { type Answered, notFound } from '../../helpers/traffic/exchange.ts';
import type { Request } from '../../helpers/traffic/request.ts';

const host = 'answers.example.com';

function answered(path: string, answer: Partial<Answered>, headers?: Request['headers'], why?: string): Row {
  return { request: { host, path, headers }, answer: { status: 200, backend: 'httpbin', ...answer }, why };
}

const served = answered('/anything', {});

// what a backend answers is for the client, as it is: no proxy is asked here to change, keep or follow it
const rows: Row[] = [
  answered('/status/500', { status: 500 }),
  answered('/status/503', { status: 503 }),
  answered(
    '/response-headers?set-cookie=one%3D1&set-cookie=two%3D2',
    { headers: { 'set-cookie': ['one=1', 'two=2'] } },
    undefined,
    'each cookie in a line of its own',
  ),
  answered('/redirect-to?url=http%3A%2F%2Felsewhere.example.com%2Fthere', {
    status: 302,
    headers: { location: 'http://elsewhere.example.com/there' },
  }),
  answered('/basic-auth/user/secret', { status: 401, headers: { 'www-authenticate': /^Basic / } }),
  answered('/etag/one', { headers: { etag: '"one"' } }),
  answered('/etag/one', { status: 304, body: '' }, { 'if-none-match': '"one"' }),
  answered('/gzip', { headers: { 'content-encoding': 'gzip' } }, { 'accept-encoding': 'gzip' }),
  { request: { host: `other.${host}`, path: '/status/500' }, answer: notFound },
];

inEachDialect(
  'ingress-gateways/answers',
  (part) => {
    for (const row of rows) {
      const { title, facts, exchange } = part.in(row);
      part.test(title, facts, async ({ ingress, expect }) => {
        await expect(ingress).toAnswer(exchange, { while: served });
      });
    }
  },
  { gateway: hosts },
);
