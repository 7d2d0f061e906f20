import { expect, test } from 'vitest';
import { stemOf } from './fixtures.ts';

const long = 'gateway-frontend-client-certificate-validation-insecure-fallback';

test.for([
  ['area/any-host/gateway-api', 'any-host.gateway-api'],
  [{ file: 'httpbin', into: 'guest' }, 'httpbin'],
  [undefined, 'case'],
  [`area/${long}`, long.slice(1)],
  [`area/a-${long.slice(0, 55)}/allowed`, long.slice(0, 55).concat('.allowed')],
] as const)('%o is called %s', ([fixture, stem]) => {
  expect(stemOf(fixture)).toBe(stem);
  expect(stem).toMatch(/^[a-z0-9][a-z0-9.-]{0,62}$/);
});
