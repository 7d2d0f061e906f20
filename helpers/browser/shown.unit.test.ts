import { describe, expect, test } from 'vitest';
import { expectedLine, flawOf } from './shown.ts';
import type { Shown, Visit } from './visit.ts';

const visit = (shows: Visit['shows']): Visit => ({ at: {} as Visit['at'], url: '/headers', shows });
const page = (seen: Record<string, string>, sent = seen, status = 200): Shown => ({
  status,
  sent,
  type: 'application/json; charset=utf-8',
  text: JSON.stringify({ headers: seen }),
});
const headers = { 'user-agent': 'Chromium', accept: '*/*' };
const echoed = visit({ status: 200, backend: 'httpbin', sent: ['user-agent'] });
const error = visit({ error: 'net::ERR_CERT_AUTHORITY_INVALID' });
const warning = 'Your connection is not private\n\nNET::ERR_CERT_AUTHORITY_INVALID';

describe('nothing is wrong with', () => {
  test.for<[string, Visit, Shown]>([
    ['the page of the status', visit({ status: 404, backend: null }), page({}, headers, 404)],
    ['the headers that were sent', echoed, page(headers)],
    ['headers that the gateway adds', echoed, page({ ...headers, 'X-Request-Id': '1' }, headers)],
    ['names in capitals', echoed, page({ 'User-Agent': 'Chromium', Accept: '*/*' }, headers)],
    [
      'headers that end at the next hop',
      echoed,
      page(headers, { ...headers, connection: 'keep-alive', te: 'trailers' }),
    ],
    ['the page about the error', error, { error: 'net::ERR_CERT_AUTHORITY_INVALID', text: warning }],
  ])('%s', ([, asked, shown]) => {
    expect(flawOf(asked, shown)).toBeUndefined();
  });
});

describe('it is said what is wrong with', () => {
  test.for<[string, Visit, Shown, string]>([
    ['another status', echoed, page(headers, headers, 503), '503'],
    [
      'a changed header',
      echoed,
      page({ ...headers, accept: 'x' }, headers),
      'sent accept: */*; the page shows accept: x',
    ],
    ['a lost header', echoed, page({ 'user-agent': 'Chromium' }, headers), 'the page shows no accept'],
    [
      'a header never sent',
      echoed,
      page({ accept: '*/*' }),
      'the browser sent no user-agent; it sent accept',
    ],
    [
      'a page without headers',
      echoed,
      { ...page(headers), text: 'Pretty-print' } as Shown,
      'a page that shows no headers',
    ],
    ['a page in place of an error', error, page(headers), '200, and no error'],
    [
      'an error in place of a page',
      echoed,
      { error: 'net::ERR_CONNECTION_RESET', text: '' },
      'page about net::ERR_CONNECTION_RESET',
    ],
    ['another error', error, { error: 'net::ERR_CERT_DATE_INVALID', text: '' }, 'net::ERR_CERT_DATE_INVALID'],
    [
      'an error with something else on the page',
      error,
      { error: 'net::ERR_CERT_AUTHORITY_INVALID', text: '{"headers": {}}' },
      'a page that does not say so: "{"headers": {}}"',
    ],
  ])('%s', ([, asked, shown, words]) => {
    expect(flawOf(asked, shown)).toContain(words);
  });
});

test.for<[Visit['shows'], string]>([
  [{ status: 404, backend: null }, '404 from the gateway'],
  [{ status: 200, backend: 'httpbin' }, '200 from httpbin'],
  [
    { status: 200, backend: 'httpbin', sent: ['accept'] },
    '200 from httpbin, showing the headers that the browser sent',
  ],
  [{ error: 'net::ERR_FAILED' }, "the browser's page about net::ERR_FAILED, and no request at a backend"],
])('%o is expected as "%s"', ([shows, line]) => {
  expect(expectedLine(visit(shows))).toBe(line);
});
