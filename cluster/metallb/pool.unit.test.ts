import { expect, test } from 'vitest';
import { poolOf } from './pool.ts';

test.each([
  ['172.18.0.0/16', '172.18.255.5-172.18.255.254'],
  ['10.89.0.0/24', '10.89.0.191-10.89.0.254'],
  ['192.168.49.16/28', '192.168.49.27-192.168.49.30'],
  [
    'fc00:f853:ccd:e793::/64',
    'fc00:f853:ccd:e793:ffff:ffff:ffff:ff05-fc00:f853:ccd:e793:ffff:ffff:ffff:fffe',
  ],
])('the pool of %s is %s', (subnet, pool) => {
  expect(poolOf(subnet)).toBe(pool);
});
