import { expect, test } from 'vitest';
import { altered } from './altered.ts';
import type { Request } from './request.ts';

const asked: Request = { host: 'a.example', path: '/x?y=1', headers: { 'X-Lines': ['one', 'two'] } };
const saw = { ':method': 'GET', ':path': '/x?y=1', host: 'a.example', 'x-lines': 'one, two' };

test.for<[string, Request, Record<string, string>, Record<string, string>]>([
  ['all as it was sent', asked, saw, {}],
  ['another path', asked, { ...saw, ':path': '/x' }, { ':path': '/x?y=1' }],
  ['another method', { ...asked, method: 'POST' }, saw, { ':method': 'POST' }],
  ['another host', asked, { ...saw, host: 'b.example' }, { host: 'a.example' }],
  ['a host in another case', { ...asked, host: 'A.example' }, saw, {}],
  ['a host without its port', { ...asked, host: 'a.example:80' }, saw, {}],
  ['no host, as it has none', { ...asked, host: undefined }, { ...saw, host: '192.0.2.1' }, {}],
  ['another value', asked, { ...saw, 'x-lines': 'two, one' }, { 'x-lines': 'one, two' }],
  ['one value too many', asked, { ...saw, 'x-lines': 'one, two, two' }, { 'x-lines': 'one, two' }],
  ['values that are told apart otherwise', asked, { ...saw, 'x-lines': 'one,two' }, {}],
  ['no header', { ...asked, headers: { ...asked.headers, 'x-gone': '1' } }, saw, { 'x-gone': '1' }],
  ['a header that is for the next hop alone', { ...asked, headers: { Connection: 'close' } }, saw, {}],
  ['a header more, which the gateway may add', asked, { ...saw, 'x-request-id': '1' }, {}],
  ['what a backend does not tell', asked, { host: 'a.example', 'x-lines': 'one, two' }, {}],
])('%s', ([, request, seen, expected]) => {
  expect(altered(request, seen)).toEqual(expected);
});
