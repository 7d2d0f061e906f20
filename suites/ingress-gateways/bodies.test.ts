import { hosts, inEachDialect, type Row } from '../../helpers/dialects.ts';
import { type Answered, type Exchange, notFound } from '../../helpers/traffic/exchange.ts';
import { lettersLine } from '../../helpers/traffic/letters.ts';
import type { Request } from '../../helpers/traffic/request.ts';

const host = 'bodies.example.com';
/** More than the buffers of gateways hold at once, and less than any is known to refuse by default. */
const long = 262_144;

// Content-Length and chunks are each hop's own: a gateway may turn one into the other (RFC 9112, 6.1)
function handedOn(method: string, body: number, headers?: Request['headers']): Row & { answer: Answered } {
  return {
    request: { method, host, path: '/anything', body, headers },
    answer: { status: 200, backend: 'httpbin', seen: { ':body': lettersLine(body) } },
  };
}

const chunked = { 'transfer-encoding': 'chunked' };
const returned = (path: string, answer: Partial<Answered>): Row => ({
  request: { host, path },
  answer: { status: 200, backend: 'httpbin', ...answer },
});
const ranged = returned('/range/1000', {
  status: 206,
  headers: { 'content-range': 'bytes 10-19/1000' },
  body: 'klmnopqrst',
});
const whole = returned('/range/1000', { headers: { 'content-length': '1000' }, body: '' });

const rows: Row[] = [
  handedOn('POST', 1),
  handedOn('POST', long),
  handedOn('POST', long, chunked),
  // RFC 9110, 10.1.1: it may answer 100 or the final answer, and must not leave the client waiting
  handedOn('POST', 1000, { expect: '100-continue' }),
  handedOn('PUT', 1000),
  handedOn('PATCH', 1000),
  returned(`/range/${long}`, { body: long }),
  { ...ranged, request: { ...ranged.request, headers: { range: 'bytes=10-19' } } },
  { ...whole, request: { ...whole.request, method: 'HEAD' }, why: 'the length without the body' },
  returned('/status/204', { status: 204, body: '' }),
  {
    request: { ...handedOn('POST', 1000).request, host: 'bodies.example.com.other' },
    answer: notFound,
    why: 'a name that goes on',
  },
];

const withDelete = handedOn('DELETE', 1000);

inEachDialect(
  'ingress-gateways/bodies',
  (part) => {
    const served: Exchange = handedOn('POST', 26);
    for (const row of rows) {
      const { title, facts, exchange } = part.in(row);
      part.test(title, facts, async ({ ingress, expect }) => {
        await expect(ingress).toAnswer(exchange, { while: served });
      });
    }

    const { facts } = part.in(withDelete);
    part.test('a DELETE with a body is handed on whole, or refused', facts, async ({ ingress, expect }) => {
      const { request, answer } = withDelete;
      // some refuse it as what smuggles requests (RFC 9110, 9.3.5)
      const rejected: Answered = { status: [400, 405, 413, 501], backend: null };
      await expect(ingress).toAnswerEither(request, [answer, rejected], { while: served });
    });
  },
  { gateway: hosts },
);
