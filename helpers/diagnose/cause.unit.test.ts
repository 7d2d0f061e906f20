import { expect, test } from 'vitest';
import type { Expected, Outcome } from '../traffic/exchange.ts';
import { notFound, redirected, refused, serverError } from '../traffic/exchange.ts';
import type { NoAnswer } from '../traffic/request.ts';
import { likelyCause } from './cause.ts';

const served: Expected = { status: 200, backend: 'httpbin' };
const moved = redirected(301, 'http://a.example/');
const overTls: Expected = { ...served, seen: { ':server-name': 'a.example' } };
const answered = (status: number, backend?: string): Outcome => ({
  answer: { status, headers: {}, body: '' },
  sighting: backend === undefined ? undefined : { backend, pod: 'p' },
});
const failed = (phase: NoAnswer['phase'], how?: string): Outcome => ({
  answer: { failed: 'ETIMEDOUT', phase, message: 'certificate has expired', refused: how },
  sighting: undefined,
});

test.for([
  ['a connect that fails', served, failed('connect'), /the way to the gateway comes and goes/],
  ['a request without an answer', served, failed('request'), /gave no answer in time, or dropped it/],
  ['a route that is not there', served, answered(404), /has no route for this host and path/],
  ['a backend without endpoints', served, answered(503), /no healthy endpoint/],
  ['a backendRef to nothing', served, answered(500), /backendRef of the route cannot be resolved/],
  ['another backend', served, answered(200, 'other'), /another backend than it names/],
  ['an answer of nobody', served, answered(200), /the log of httpbin shows no such request/],
  ['a backend that says no', served, answered(404, 'httpbin'), /httpbin itself answered with 404/],
  [
    'a header that was lost',
    served,
    answered(200, 'httpbin'),
    /headers were not changed as the route says, or changed or lost/,
  ],
  [
    'another certificate',
    { ...served, tls: { certificate: 'shop' } },
    answered(200, 'httpbin'),
    /another certificate or version/,
  ],
  [
    'a copy that is missing',
    { ...served, mirrored: ['other'] },
    answered(200, 'httpbin'),
    /copies went to others/,
  ],
  [
    'a retry too many',
    { status: 503, backend: 'httpbin', times: 1 },
    {
      ...answered(503),
      sighting: { backend: 'httpbin', pod: 'p', copies: ['httpbin'] },
    },
    /does not retry as the route says/,
  ],
  ['a timeout too short', { ...served, times: 1 }, answered(504, 'httpbin'), /gave up on the backend where/],
  [
    'a timeout that is ignored',
    { status: 504, backend: 'httpbin', times: 1 },
    answered(200, 'httpbin'),
    /its timeout is ignored/,
  ],
  ['a route that matches too much', notFound, answered(200, 'httpbin'), /matches more than it should/],
  ['a 404 of the backend', notFound, answered(404, 'httpbin'), /matches more than it should/],
  [
    'a header of the answer of the gateway itself',
    { status: [200, 204], backend: null, headers: { 'x-a': '1' } },
    answered(204),
    /but not as the route or the listener says/,
  ],
  ['a certificate that is not looked at', serverError, answered(200, 'httpbin'), /has to refuse, or cannot/],
  ['a certificate that does not do', overTls, answered(503), /comes to no TLS with a backend/],
  ['another TLS', overTls, answered(200, 'httpbin'), /does not speak to it by the TLS that is configured/],
  [
    'a header that was lost over the right TLS',
    { ...overTls, seen: { ':client-certificate': null, 'x-a': '1' } },
    answered(200, 'httpbin'),
    /headers were not changed as the route says/,
  ],
  ['a stranger', notFound, answered(200), /may lead to another gateway/],
  ['a request that is cut off', served, failed('request', 'connection closed'), /or dropped it/],
  ['a handshake that is cut off', served, failed('tls', 'connection closed'), /no listener .* server name/],
  ['a handshake without an end', served, failed('tls'), /gave no answer in time/],
  [
    'http where TLS should be',
    served,
    {
      answer: { failed: 'EPROTO', phase: 'tls', message: 'write EPROTO 0A00010B:wrong version number' },
      sighting: undefined,
    },
    /is no TLS/,
  ],
  ['an alert', served, failed('tls', 'unknown ca'), /with the alert "unknown ca"/],
  [
    'a certificate that is not taken',
    served,
    failed('tls', 'CERT_HAS_EXPIRED'),
    /not take .*: certificate has expired/,
  ],
  [
    'another alert',
    refused('certificate required'),
    failed('tls', 'unknown ca'),
    /with the alert "unknown ca"/,
  ],
  ['one that is let in', refused('unknown ca'), answered(200, 'httpbin'), /lets in .* handed to httpbin/],
  [
    'one that is let in as far as to a 404',
    refused('unknown ca'),
    answered(404),
    /lets in .* answers with 404/,
  ],
  ['a redirect that passes on', moved, answered(200, 'httpbin'), /passes on .* handed to httpbin/],
  ['a redirect that is not there', moved, answered(404), /has no route for this host and path/],
  ['an error in place of a redirect', moved, answered(500), /does not redirect, but answers with 500/],
  ['a redirect by another status', moved, answered(302), /by another status than the filter says/],
  ['a redirect elsewhere', moved, answered(301), /elsewhere than the filter says/],
  ['a redirect where one serves', served, answered(302), /redirects what it has to pass on/],
  [
    'a body that came otherwise',
    { ...served, body: 3 },
    answered(200, 'httpbin'),
    /does not hand on the answer's body/,
  ],
  [
    'a path that got there otherwise, of which the row says nothing',
    { ...served, seen: { host: 'a' } },
    {
      ...answered(200),
      sighting: { backend: 'httpbin', pod: 'p', headers: {}, altered: { host: 'a', ':path': '/a' } },
    },
    /did not hand on as it was sent what no filter is for: :path$/,
  ],
  [
    'a body that got there otherwise',
    { ...served, seen: { ':body': '3 letters' } },
    {
      ...answered(200),
      sighting: { backend: 'httpbin', pod: 'p', headers: { ':body': '2 letters' } },
    },
    /did not hand on the request's body/,
  ],
  [
    'a body where there must be none',
    served,
    {
      answer: {
        failed: 'HPE_INVALID_CONSTANT',
        phase: 'request',
        message: 'Parse Error: Expected HTTP/',
        refused: 'connection closed',
      },
      sighting: undefined,
    },
    /what came is no HTTP: a body where there must be none/,
  ],
  ['another refusal', notFound, answered(403), /refuses the request, but with 403/],
] as [string, Expected, Outcome, RegExp][])('%s', ([, answer, outcome, cause]) => {
  expect(likelyCause({ exchange: { request: { path: '/' }, answer }, outcome })).toMatch(cause);
});
