import { expect, test } from 'vitest';
import { echoedHeaders } from './sighting.ts';

const answer = (body: unknown, type = 'application/json') => ({
  status: 200,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test("the echo backend's headers have its values in one line, and what it tells beside them", () => {
  const echo = {
    path: '/x?y=1',
    host: 'a.example',
    method: 'PUT',
    proto: 'HTTP/1.1',
    headers: { 'X-One': ['1'], 'X-Two': ['2', '3'] },
    pod: 'echo-1',
  };
  expect(echoedHeaders(answer(echo))).toEqual({
    'x-one': '1',
    'x-two': '2, 3',
    host: 'a.example',
    ':method': 'PUT',
    ':path': '/x?y=1',
    ':protocol': 'HTTP/1.1',
  });
});

test("httpbin's headers are all that it tells", () => {
  expect(echoedHeaders(answer({ headers: { Host: 'a.example', 'X-One': '1' } }))).toEqual({
    host: 'a.example',
    'x-one': '1',
  });
});

test.for([
  ['of another type', answer({ headers: {} }, 'text/html')],
  ['that is no JSON', answer('{')],
  ['that is null', answer(null)],
  ['without headers', answer({ path: '/' })],
  ['whose headers are none', answer({ headers: 'none' })],
] as const)('a body %s is no echo', ([, body]) => {
  expect(echoedHeaders(body)).toBeUndefined();
});
