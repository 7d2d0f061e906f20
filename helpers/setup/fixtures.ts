import { fileURLToPath } from 'node:url';
import { type Manifest, readManifests } from '../kube/manifests.ts';

/**
 * A file under fixtures/, without `.yaml`; `into`: the namespace, declared by another file, that it goes into; `shared`:
 * it is there once a run, for all that stand on it. Where it declares the namespaces that it is put into, a case's own
 * objects go into the case's own; else into the one that has them all, which fixtures can name as the shared files are.
 */
export type Fixture = OwnFixture | SharedFixture;

export type SharedFixture = { shared: string } | { shared: string[]; as: string };

export type OwnFixture = string | { file: string; into: string };

export const isShared = (fixture: Fixture): fixture is SharedFixture =>
  typeof fixture === 'object' && 'shared' in fixture;

export const isOwn = (fixture: Fixture): fixture is OwnFixture => !isShared(fixture);

/** The manifests of the files, in their order. @throws Problem with file and line for one that cannot be read */
export async function readFixtures(fixtures: OwnFixture[]): Promise<Manifest[]> {
  return (await Promise.all(fixtures.map(readFixture))).flat();
}

async function readFixture(fixture: OwnFixture): Promise<Manifest[]> {
  const { file, into } = typeof fixture === 'string' ? { file: fixture, into: undefined } : fixture;
  const manifests = await readManifests(
    fileURLToPath(new URL(`../../fixtures/${file}.yaml`, import.meta.url)),
  );
  if (into === undefined) return manifests;
  return manifests.map((manifest) => {
    const { object } = manifest;
    return { ...manifest, object: { ...object, metadata: { ...object.metadata, namespace: into } } };
  });
}

/** A label's value has no more characters. */
const longestLabel = 63;

/**
 * `any-host.gateway-api`, of the last file: the folder that all of a suite's area have is left out. Of one that is too
 * long for a label the end is kept, which tells a case's own fixtures apart.
 */
export function stemOf(fixture: OwnFixture | undefined): string {
  const file = typeof fixture === 'object' ? fixture.file : (fixture ?? 'case');
  const stem = file.replace(/^[^/]*\//, '').replaceAll('/', '.');
  return stem.slice(-longestLabel).replace(/^[^a-z0-9]+/i, '');
}
