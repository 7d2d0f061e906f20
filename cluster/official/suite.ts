import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, readManifests } from '../../helpers/kube/manifests.ts';
import { binaries, buildGo, moduleDir, versionOf } from '../build/go.ts';

const module = 'sigs.k8s.io/gateway-api/conformance';

/** Gateway API's own conformance suite, built. */
export interface OfficialSuite {
  /** Release of Gateway API that it is of, which the CRDs must be of too. */
  version: string;
  /** Path of its test binary. */
  program: string;
  /** What its cases for gateways may apply, as its module has it. */
  manifests: Manifest[];
}

/**
 * Builds the official suite in the version that `build/go/official/go.mod` pins; settles at once when it is in the
 * cache.
 * @param say told how far the build is
 * @throws Problem when Go is missing or does not build
 */
export async function officialSuite(say: (text: string) => void): Promise<OfficialSuite> {
  await buildGo('official', say);
  const folder = await moduleDir(module, ['official']);
  const files = globSync('{base,tests}/*.yaml', { cwd: folder }).toSorted();
  const manifests = await Promise.all(files.map((file) => readManifests(join(folder, file))));
  return {
    version: await versionOf(module, 'official'),
    program: join(binaries('official'), 'conformance.test'),
    manifests: manifests.flat(),
  };
}
