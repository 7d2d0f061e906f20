import { expect, test } from 'vitest';
import { likelyCauseOf } from './cause.ts';
import type { Shown, Visit } from './visit.ts';

const page = (status: number): Shown => ({ status, sent: {}, type: '', text: '' });
const error = (name: string): Shown => ({ error: `net::${name}`, text: '' });
const served: Visit['shows'] = { status: 200, backend: 'httpbin' };
const refused: Visit['shows'] = { error: 'net::ERR_CERT_AUTHORITY_INVALID' };

test.for<[string, Visit['shows'], boolean, Shown, string | undefined, RegExp]>([
  [
    'an authority nobody trusts',
    served,
    true,
    error('ERR_CERT_AUTHORITY_INVALID'),
    undefined,
    /authority .* not trust/,
  ],
  [
    'a certificate for another host',
    served,
    true,
    error('ERR_CERT_COMMON_NAME_INVALID'),
    undefined,
    /not for this host name/,
  ],
  ['no TLS', served, true, error('ERR_SSL_PROTOCOL_ERROR'), undefined, /does not speak TLS/],
  [
    'no listener for the name',
    served,
    true,
    error('ERR_CONNECTION_RESET'),
    undefined,
    /no listener for this host name/,
  ],
  ['an error nobody knows', served, false, error('ERR_FAILED'), undefined, /did not get an answer/],
  ['trust that should not be', refused, false, page(200), 'httpbin', /trusts without being told/],
  [
    'a right certificate where a wrong one should be',
    refused,
    true,
    page(200),
    'httpbin',
    /nothing is wrong/,
  ],
  ['no route', served, false, page(404), undefined, /no route for this host and path/],
  ['no endpoint', served, false, page(503), undefined, /no healthy endpoint/],
  ['another backend', served, false, page(200), 'other', /another backend/],
  ['nobody who logged it', served, false, page(200), undefined, /shows no such request/],
  ['changed headers', served, false, page(200), 'httpbin', /headers were changed or lost/],
  [
    'a route that matches too much',
    { status: 404, backend: null },
    false,
    page(404),
    'httpbin',
    /handed to httpbin/,
  ],
])('%s', ([, shows, trusting, shown, seenBy, cause]) => {
  const visit: Visit = { at: {} as Visit['at'], url: '/', trusting, shows };
  expect(likelyCauseOf({ visit, shown, seenBy })).toMatch(cause);
});
