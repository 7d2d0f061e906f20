import { expect, test } from 'vitest';
import type { Expected, Outcome } from '../traffic/exchange.ts';
import { notFound } from '../traffic/exchange.ts';
import { likelyCause } from './cause.ts';

const served: Expected = { status: 200, backend: 'httpbin' };
const answered = (status: number, backend?: string): Outcome => ({
  answer: { status, headers: {}, body: '' },
  sighting: backend === undefined ? undefined : { backend, pod: 'p' },
});
const failed = (phase: 'connect' | 'request'): Outcome => ({
  answer: { failed: 'ETIMEDOUT', phase, message: '' },
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
  ['a header that was lost', served, answered(200, 'httpbin'), /headers were changed or lost/],
  ['a route that matches too much', notFound, answered(200, 'httpbin'), /matches more than it should/],
  ['a 404 of the backend', notFound, answered(404, 'httpbin'), /matches more than it should/],
  ['a stranger', notFound, answered(200), /may lead to another gateway/],
  ['another refusal', notFound, answered(403), /refuses the request, but with 403/],
] as const)('%s', ([, answer, outcome, cause]) => {
  expect(likelyCause({ exchange: { request: { path: '/' }, answer }, outcome })).toMatch(cause);
});
