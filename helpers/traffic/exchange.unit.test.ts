import { describe, expect, test } from 'vitest';
import {
  answerIsRight,
  type Exchange,
  type Expected,
  exchangeTitle,
  expectedLine,
  notFound,
  outcomeLine,
  redirected,
  refused,
  serverError,
  sightingIsRight,
  unmet,
} from './exchange.ts';
import { letters } from './letters.ts';
import type { Answer, NoAnswer, Request } from './request.ts';
import type { Sighting } from './sighting.ts';

const ok: Answer = { status: 200, headers: { 'x-a': '1' }, body: '' };
const overTls: Answer = { ...ok, tls: { version: 'TLSv1.3', certificate: 'shop' } };
const alerted: NoAnswer = { failed: 'EPROTO', phase: 'tls', message: '', refused: 'unknown ca' };
const listing = (values: string): Answer => ({ ...ok, headers: { 'x-l': values } });
const fromHttpbin: Expected = { status: 200, backend: 'httpbin' };
const seen = { backend: 'httpbin', pod: 'httpbin-1' };
const moved: Sighting = { ...seen, headers: { ':path': '/b' }, altered: { ':path': '/a' } };

describe('answerIsRight', () => {
  test.for([
    ['the status', fromHttpbin, ok, true],
    ['another status', fromHttpbin, { ...ok, status: 404 }, false],
    ['one of several', { status: [204, 200], backend: null }, ok, true],
    ['none of several', { status: [204, 403], backend: null }, ok, false],
    ['an error of the server', serverError, { ...ok, status: 503 }, true],
    ['an error that is none of the server', serverError, { ...ok, status: 499 }, false],
    ['no error', serverError, ok, false],
    ['no answer', fromHttpbin, { failed: 'ECONNRESET', phase: 'request', message: '' }, false],
    ['a header', { ...fromHttpbin, headers: { 'x-a': '1' } }, ok, true],
    ['a header of another value', { ...fromHttpbin, headers: { 'x-a': '2' } }, ok, false],
    ['a header that matches', { ...fromHttpbin, headers: { 'x-a': /^\d$/ } }, ok, true],
    ['a header that does not match', { ...fromHttpbin, headers: { 'x-a': /x/ } }, ok, false],
    ['a header that is not there', { ...fromHttpbin, headers: { 'x-b': '1' } }, ok, false],
    ['a header that has to be absent and is', { ...fromHttpbin, headers: { 'x-b': null } }, ok, true],
    ['a header that has to be absent and is not', { ...fromHttpbin, headers: { 'x-a': null } }, ok, false],
    ['values in one line', { ...fromHttpbin, headers: { 'x-l': ['a', 'b'] } }, listing('a,b'), true],
    ['values in several lines', { ...fromHttpbin, headers: { 'x-l': ['a', 'b'] } }, listing('a, b'), true],
    ['values in another order', { ...fromHttpbin, headers: { 'x-l': ['b', 'a'] } }, listing('a, b'), false],
    ['a value too many', { ...fromHttpbin, headers: { 'x-l': ['a'] } }, listing('a, a'), false],
    ['a value too few', { ...fromHttpbin, headers: { 'x-l': ['a', 'b'] } }, listing('a'), false],
    ['values where there is no header', { ...fromHttpbin, headers: { 'x-l': ['a'] } }, ok, false],
    ['a body', { ...fromHttpbin, body: 'abc' }, { ...ok, body: 'abc' }, true],
    ['a body of letters', { ...fromHttpbin, body: 27 }, { ...ok, body: `${letters(26)}a` }, true],
    ['a body that is cut', { ...fromHttpbin, body: 27 }, { ...ok, body: letters(26) }, false],
    ['a body that goes on', { ...fromHttpbin, body: 'abc' }, { ...ok, body: 'abcd' }, false],
    ['no body', { ...fromHttpbin, body: '' }, ok, true],
    ['a body where there must be none', { ...fromHttpbin, body: '' }, { ...ok, body: 'a' }, false],
    ['a body that nothing is asked of', fromHttpbin, { ...ok, body: 'a' }, true],
    ['a certificate', { ...fromHttpbin, tls: { certificate: 'shop' } }, overTls, true],
    [
      'a certificate and a version',
      { ...fromHttpbin, tls: { certificate: /^s/, version: 'TLSv1.3' } },
      overTls,
      true,
    ],
    ['another certificate', { ...fromHttpbin, tls: { certificate: 'secure' } }, overTls, false],
    ['another version', { ...fromHttpbin, tls: { version: 'TLSv1.2' } }, overTls, false],
    ['a certificate where there was no TLS', { ...fromHttpbin, tls: { certificate: 'shop' } }, ok, false],
    ['the refusal', refused('unknown ca'), alerted, true],
    ['one of several refusals', refused('bad certificate', 'unknown ca'), alerted, true],
    ['another refusal', refused('certificate required'), alerted, false],
    ['an answer where it should be refused', refused('unknown ca'), ok, false],
    [
      'nobody there where it should be refused',
      refused('unknown ca'),
      { ...alerted, phase: 'connect' },
      false,
    ],
    ['silence where it should be refused', refused('unknown ca'), { ...alerted, refused: undefined }, false],
    ['a refusal where it should be answered', fromHttpbin, alerted, false],
  ] as [string, Expected, Answer | NoAnswer, boolean][])('%s', ([, expected, answer, right]) => {
    expect(answerIsRight(expected, answer, { path: '/' })).toBe(right);
  });
});

describe('where Location leads', () => {
  const plain: Request = { host: 'a.example', path: '/x?y=1' };
  const byTls: Request = { ...plain, tls: { serverName: 'a.example' } };
  test.for([
    ['there', 'http://b.example/x?y=1', 'http://b.example/x?y=1', plain, true],
    ['to another scheme', 'https://b.example/x', 'http://b.example/x', plain, false],
    ['to another host', 'http://b.example/x', 'http://a.example/x', plain, false],
    ['to another port', 'http://b.example:8083/x', 'http://b.example:8080/x', plain, false],
    ['to no port', 'http://b.example:8083/x', 'http://b.example/x', plain, false],
    ['to a port where none must be', 'http://b.example/x', 'http://b.example:8080/x', plain, false],
    ["to HTTP's own port", 'http://b.example/x', 'http://b.example:80/x', plain, true],
    ["to HTTPS's own port", 'https://b.example/x', 'https://b.example:443/x', plain, true],
    ["to the other scheme's own port", 'https://b.example/x', 'https://b.example:80/x', plain, false],
    ['to another path', 'http://b.example/x', 'http://b.example/x/', plain, false],
    ['to a path with two slashes', 'http://b.example/x', 'http://b.example//x', plain, false],
    ['without the query', 'http://b.example/x?y=1', 'http://b.example/x', plain, false],
    ['to another query', 'http://b.example/x?y=1', 'http://b.example/x?y=2', plain, false],
    ['relatively', 'http://a.example/z', '/z', plain, true],
    ['relatively, over TLS', 'https://a.example/z', '/z', byTls, true],
    ['relatively, to another host', 'http://b.example/z', '/z', plain, false],
    ['to the same scheme, whatever that is', 'https://b.example/z', '//b.example/z', byTls, true],
    ['relatively, by no host name', 'http://a.example/z', '/z', { path: '/' }, false],
    ['by no host name', 'http://a.example/z', 'http://a.example/z', { path: '/' }, true],
    ['nowhere', 'http://a.example/z', undefined, plain, false],
    ['by what is no URL', 'http://a.example/z', 'http://[/', plain, false],
    ['by one slash', 'http://a.example/z', 'http:/a.example/z', plain, false],
    ['by three slashes', 'http://a.example/z', 'http:///a.example/z', plain, false],
  ] as [string, string, string | undefined, Request, boolean][])(
    '%s',
    ([, url, location, request, right]) => {
      const answer = { status: 302, headers: location === undefined ? {} : { location }, body: '' };
      expect(answerIsRight(redirected(302, url), answer, request)).toBe(right);
    },
  );
});

describe('sightingIsRight', () => {
  test.for([
    ['the backend', fromHttpbin, seen, true],
    ['another backend', fromHttpbin, { ...seen, backend: 'other/httpbin' }, false],
    ['no backend where one should be', fromHttpbin, undefined, false],
    ['no backend where none should be', notFound, undefined, true],
    ['a backend where none should be', notFound, seen, false],
    ['a copy', { ...fromHttpbin, mirrored: ['other'] }, { ...seen, copies: ['other'] }, true],
    [
      'copies in another order',
      { ...fromHttpbin, mirrored: ['b', 'a'] },
      { ...seen, copies: ['a', 'b'] },
      true,
    ],
    ['no copy', { ...fromHttpbin, mirrored: [] }, { ...seen, copies: [] }, true],
    ['no copy where one must be', { ...fromHttpbin, mirrored: ['other'] }, { ...seen, copies: [] }, false],
    ['two copies', { ...fromHttpbin, mirrored: ['other'] }, { ...seen, copies: ['other', 'other'] }, false],
    ['a copy where none must be', { ...fromHttpbin, mirrored: [] }, { ...seen, copies: ['other'] }, false],
    ['copies that nothing is asked of', fromHttpbin, { ...seen, copies: ['other'] }, true],
    ['asked once', { ...fromHttpbin, times: 1 }, { ...seen, copies: [] }, true],
    ['asked as often', { ...fromHttpbin, times: 3 }, { ...seen, copies: ['httpbin', 'httpbin'] }, true],
    ['asked too often', { ...fromHttpbin, times: 1 }, { ...seen, copies: ['httpbin'] }, false],
    ['asked not often enough', { ...fromHttpbin, times: 3 }, { ...seen, copies: ['httpbin'] }, false],
    ['somebody else asked', { ...fromHttpbin, times: 2 }, { ...seen, copies: ['other'] }, false],
    ['asked at all', { ...fromHttpbin, times: 'at least once' }, { ...seen, copies: ['httpbin'] }, true],
    ['nobody asked', { ...fromHttpbin, times: 'at least once' }, undefined, false],
    ['somebody else too', { ...fromHttpbin, times: 'at least once' }, { ...seen, copies: ['other'] }, false],
    ['the header it saw', { ...fromHttpbin, seen: { host: 'a' } }, { ...seen, headers: { host: 'a' } }, true],
    ['another header', { ...fromHttpbin, seen: { host: 'a' } }, { ...seen, headers: { host: 'b' } }, false],
    ['a backend that does not echo', { ...fromHttpbin, seen: { host: 'a' } }, seen, false],
    ['no backend where it should be refused', refused('unknown ca'), undefined, true],
    ['a backend where it should be refused', refused('unknown ca'), seen, false],
    ['a path that came otherwise, of which nothing is said', fromHttpbin, moved, false],
    ['a path that came as the row says', { ...fromHttpbin, seen: { ':path': '/b' } }, moved, true],
    ['an empty header', { ...fromHttpbin, seen: { host: '' } }, { ...seen, headers: { host: '' } }, true],
  ] as [string, Expected, Sighting | undefined, boolean][])('%s', ([, expected, sighting, right]) => {
    expect(sightingIsRight(expected, sighting)).toBe(right);
  });
});

describe('what is said of an exchange', () => {
  test.for([
    [
      { request: { method: 'HEAD', host: 'a.example', path: '/x' }, answer: fromHttpbin },
      'HEAD a.example/x → 200 from httpbin',
    ],
    [
      { request: { path: '/' }, answer: { status: [200, 204], backend: null } },
      'GET (no host name)/ → 200 or 204 from the gateway',
    ],
    [
      { request: { path: '/' }, answer: { status: 500, backend: 'httpbin', times: 4 } },
      'GET (no host name)/ → 500 after httpbin was asked 4 times',
    ],
    [{ request: { host: '', path: '/' }, answer: notFound }, 'GET (empty host)/ → 404 from the gateway'],
    [
      { request: { path: '/' }, answer: notFound, why: 'the root' },
      'GET (no host name)/ (the root) → 404 from the gateway',
    ],
    [
      {
        request: { host: 'a.example:443', path: '/', tls: { serverName: 'a.example' } },
        answer: { ...fromHttpbin, tls: { certificate: 'shop' } },
      },
      'GET https://a.example:443/ → 200 from httpbin',
    ],
    [
      {
        request: { host: 'a.example', path: '/', tls: { serverName: '' } },
        answer: refused('connection closed'),
      },
      'GET https://a.example/ (no SNI) → refused with connection closed',
    ],
    [
      { request: { host: 'a.example', path: '/', headers: { version: 'two' } }, answer: notFound },
      'GET a.example/ (version: two) → 404 from the gateway',
    ],
    [
      { request: { host: 'a.example', path: '/', headers: { 'x-a': ['1', '2'] } }, answer: notFound },
      'GET a.example/ (x-a: 1, x-a: 2) → 404 from the gateway',
    ],
    [
      {
        request: { method: 'POST', path: '/', headers: { 'transfer-encoding': 'chunked' }, body: 1 },
        answer: { ...fromHttpbin, body: 1 },
      },
      'POST (no host name)/ (transfer-encoding: chunked, 1 letter) → 200 from httpbin',
    ],
    [
      { request: { host: 'a.example', path: '/' }, answer: redirected(301, 'https://a.example/') },
      'GET a.example/ → 301 from the gateway to https://a.example/',
    ],
    [
      { request: { host: 'a.example', path: '/', protocol: 'h2c' }, answer: fromHttpbin },
      'GET a.example/ (h2c) → 200 from httpbin',
    ],
    [
      {
        request: {
          path: '/',
          tls: {
            serverName: 'b.example',
            certificateFor: 'a.example',
            clientCertificate: 'expired',
            version: 'TLSv1.2',
          },
        },
        answer: refused('certificate expired', 'bad certificate'),
      },
      'GET https://(no host name)/ (SNI b.example, certificate for a.example, client certificate expired, TLSv1.2) → refused with certificate expired or bad certificate',
    ],
  ] as [Exchange, string][])('its title: %s', ([exchange, title]) => {
    expect(exchangeTitle(exchange)).toBe(title);
  });

  test('what was expected and what came stand in the same words', () => {
    const expected: Expected = { ...fromHttpbin, seen: { host: 'a' }, headers: { 'x-b': null } };
    expect(expectedLine(expected)).toBe('200 from httpbin, httpbin sees host: a, returned no x-b');
    const outcome = { answer: ok, sighting: { ...seen, headers: { host: 'b' } } };
    expect(outcomeLine(outcome, expected)).toBe(
      '200 from httpbin (pod httpbin-1), it saw host: b, returned no x-b',
    );
  });

  test('headers that are as they have to be are left out of what is wrong', () => {
    const expected: Expected = {
      ...fromHttpbin,
      seen: { host: 'a', 'x-b': null, 'x-c': ['1', '2'] },
      headers: { 'x-a': '1', 'x-d': /./ },
    };
    const outcome = { answer: ok, sighting: { ...seen, headers: { host: 'a', 'x-b': '2', 'x-c': '1,2' } } };
    const wrong = unmet(expected, outcome);
    expect(expectedLine(wrong)).toBe('200 from httpbin, httpbin sees no x-b, returned x-d: /./');
    expect(outcomeLine(outcome, wrong)).toBe(
      '200 from httpbin (pod httpbin-1), it saw x-b: 2, returned no x-d',
    );
    expect(unmet(expected, { answer: ok, sighting: undefined })).toMatchObject({ seen: { host: 'a' } });
    expect(unmet(expected, { answer: alerted, sighting: undefined })).toBe(expected);
    expect(unmet(refused('unknown ca'), outcome)).toEqual(refused('unknown ca'));
  });

  test('what came otherwise than it was sent is part of what is wrong', () => {
    const outcome = { answer: ok, sighting: moved };
    const wrong = unmet(fromHttpbin, outcome);
    expect(expectedLine(wrong)).toBe('200 from httpbin, httpbin sees :path: /a');
    expect(outcomeLine(outcome, wrong)).toBe('200 from httpbin (pod httpbin-1), it saw :path: /b');
  });

  test('Location and lists are said where they matter', () => {
    const expected: Expected = { ...redirected(302, 'http://a.example/'), headers: { 'x-a': ['1', '2'] } };
    expect(expectedLine(expected)).toBe(
      '302 from the gateway, returned x-a: 1, 2, location: http://a.example/',
    );
    const answer = { status: 302, headers: { location: '/' }, body: '' };
    expect(outcomeLine({ answer, sighting: undefined }, expected)).toBe(
      '302, and no backend saw the request, returned no x-a, location: /',
    );
    expect(outcomeLine({ answer: ok, sighting: undefined }, redirected(302, 'http://a.example/'))).toBe(
      '200, and no backend saw the request, returned no location',
    );
  });

  test.for([
    [1000, letters(1000), 'a body of 1000 letters', 'a body of 1000 letters'],
    [1000, letters(999), 'a body of 1000 letters', 'a body of 999 letters: byte 999, "l", is missing'],
    [3, 'abx', 'a body of 3 letters', 'a body of 3 bytes: byte 2 is "x" and not "c"'],
    ['kl', 'klk', 'a body of "kl"', 'a body of 3 bytes: byte 2, "k", is one too many'],
    ['kl', '', 'a body of "kl"', 'no body'],
    ['', 'abc', 'no body', 'a body of 3 letters: byte 0, "a", is one too many'],
  ] as const)('a body is said in a few words: %s', ([body, came, wanted, got]) => {
    const expected: Expected = { ...fromHttpbin, body };
    const outcome = { answer: { ...ok, body: came }, sighting: seen };
    expect(expectedLine(expected)).toBe(`200 from httpbin, ${wanted}`);
    expect(outcomeLine(outcome, expected)).toBe(`200 from httpbin (pod httpbin-1), ${got}`);
    expect(unmet(expected, outcome)).toMatchObject({ body: wanted === got ? undefined : body });
  });

  test('copies are said where they matter', () => {
    const expected: Expected = { ...fromHttpbin, mirrored: ['a', 'b'] };
    expect(expectedLine(expected)).toBe('200 from httpbin, mirrored to a and b');
    expect(outcomeLine({ answer: ok, sighting: { ...seen, copies: [] } }, expected)).toBe(
      '200 from httpbin (pod httpbin-1), mirrored to nobody',
    );
  });

  test.for([
    [1, ['httpbin'], '504 after httpbin was asked once', 'asked 2 times'],
    [2, [], '504 after httpbin was asked 2 times', 'asked once'],
    [
      'at least once',
      ['other'],
      '504 after httpbin was asked at least once',
      'asked once, other was asked too',
    ],
  ] as const)('how often it was asked is said where it matters: %s', ([times, copies, wanted, got]) => {
    const expected: Expected = { status: 504, backend: 'httpbin', times };
    expect(expectedLine(expected)).toBe(wanted);
    const outcome = { answer: { ...ok, status: 504 }, sighting: { ...seen, copies: [...copies] } };
    expect(outcomeLine(outcome, expected)).toBe(`504 after httpbin (pod httpbin-1) was ${got}`);
  });

  test('what the handshake came to is said where it matters', () => {
    const expected: Expected = { ...fromHttpbin, tls: { certificate: 'secure' } };
    expect(expectedLine(expected)).toBe('200 from httpbin, TLS certificate secure');
    expect(outcomeLine({ answer: overTls, sighting: seen }, expected)).toBe(
      '200 from httpbin (pod httpbin-1), TLS certificate shop',
    );
    expect(outcomeLine({ answer: ok, sighting: seen }, expected)).toBe(
      '200 from httpbin (pod httpbin-1), TLS certificate none',
    );
  });

  test('a refusal says how', () => {
    expect(expectedLine(refused('certificate required'))).toBe('refused with certificate required');
    expect(outcomeLine({ answer: alerted, sighting: undefined }, refused('certificate required'))).toBe(
      'no answer: TLS handshake failed with EPROTO (refused with unknown ca)',
    );
    expect(outcomeLine({ answer: ok, sighting: seen }, refused('unknown ca'))).toBe(
      '200 from httpbin (pod httpbin-1)',
    );
  });

  test('an answer that came from no backend says so, and nothing of what it saw', () => {
    for (const expected of [notFound, { ...fromHttpbin, seen: { host: 'a' } }])
      expect(outcomeLine({ answer: ok, sighting: undefined }, expected)).toBe(
        '200, and no backend saw the request',
      );
  });

  test('a request that got no answer says how far it came, and who saw it', () => {
    const answer = { failed: 'ETIMEDOUT', phase: 'request', message: '' } as const;
    expect(outcomeLine({ answer, sighting: seen }, notFound)).toBe(
      'no answer: request failed with ETIMEDOUT; httpbin saw the request',
    );
  });
});
