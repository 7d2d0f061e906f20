import { globSync } from 'node:fs';
import { join } from 'node:path';
import { which } from 'zx';
import { type Manifest, parseManifests, readManifests } from '../helpers/kube/manifests.ts';
import { moduleDir } from './build/go.ts';
import { Problem } from './problem.ts';

/** A project's own manifests: in its Go module, and under the URL of its release. */
export interface Upstream {
  module: string;
  /** Glob inside the module. */
  files: string;
  url: string;
}

/**
 * Reads the manifests that a project publishes: from its Go module where Go is at hand, else from its release.
 * @throws Problem when neither can be fetched
 */
export async function upstreamManifests({ module, files, url }: Upstream): Promise<Manifest[]> {
  if (await which('go', { nothrow: true })) {
    const folder = await moduleDir(module);
    const paths = globSync(files, { cwd: folder }).toSorted();
    return (await Promise.all(paths.map((path) => readManifests(join(folder, path))))).flat();
  }
  const { default: got } = await import('got');
  try {
    return parseManifests(await got(url, { timeout: { request: 30_000 } }).text(), url);
  } catch (error) {
    throw new Problem({
      asked: `fetch the manifests of ${module}`,
      got: `${url}: ${(error as Error).message}`,
      cause: 'no Go on the PATH to fetch its module, and its release cannot be reached from here',
      next: 'install Go, or open the way to the release',
    });
  }
}
