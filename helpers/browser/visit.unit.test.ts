import { expect, test } from 'vitest';
import { addressTyped, type Visit } from './visit.ts';

const typed = (url: string, host: string, port: number, query?: string): string =>
  addressTyped(
    { at: { address: { host, port } } as Visit['at'], url, shows: { status: 200, backend: 'httpbin' } },
    query,
  );

test.for<[string, string, number, string | undefined, string]>([
  ['/headers', '192.0.2.1', 80, undefined, 'http://192.0.2.1/headers'],
  ['/headers', '192.0.2.1', 31080, 'x/1', 'http://192.0.2.1:31080/headers?x/1'],
  ['/headers?a=b', '2001:db8::1', 80, 'x/1', 'http://[2001:db8::1]/headers?a=b&x/1'],
  ['http://shop.example/', '192.0.2.1', 8080, undefined, 'http://shop.example:8080/'],
  ['https://shop.example/a', '192.0.2.1', 443, 'x/1', 'https://shop.example/a?x/1'],
  ['https://shop.example/a', '127.0.0.1', 40443, undefined, 'https://shop.example:40443/a'],
])('%s at %s port %i with query %s → %s', ([url, host, port, query, address]) => {
  expect(typed(url, host, port, query)).toBe(address);
});
