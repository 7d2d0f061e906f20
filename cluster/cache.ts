import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The project's cache folder: builds, images, the managed cluster's kubeconfig and logs.
 * `CONFORMANCE_CACHE`, else `ingress-conformance` under `XDG_CACHE_HOME` or `~/.cache`.
 */
export const cacheDir =
  process.env.CONFORMANCE_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ingress-conformance');

/** A path inside the cache; the folder that holds it is made when it is not there. */
export function inCache(...parts: string[]): string {
  const path = join(cacheDir, ...parts);
  mkdirSync(join(path, '..'), { recursive: true });
  return path;
}

/** A folder inside the cache, made when it is not there. */
export function cacheFolder(...parts: string[]): string {
  const path = join(cacheDir, ...parts);
  mkdirSync(path, { recursive: true });
  return path;
}
