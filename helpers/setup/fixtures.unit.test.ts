import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { readFixtures, stemOf } from './fixtures.ts';

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

test('what cases put into the namespace that they share has names of its own in each file', async () => {
  const area = 'gateway-api';
  const folder = join(import.meta.dirname, '../../fixtures', area);
  const files = globSync('*.yaml', { cwd: folder }).map((file) => basename(file, '.yaml'));
  const names = await Promise.all(
    files.map(async (file) => {
      const manifests = await readFixtures([`${area}/${file}`]);
      const inIt = manifests.filter(({ object }) => object.metadata.namespace === area);
      return inIt.map(({ object: { kind, metadata } }) => `${kind} ${metadata.name}`);
    }),
  );
  const all = names.flat();
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
});
