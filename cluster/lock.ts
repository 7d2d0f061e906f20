import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { cacheFolder } from './cache.ts';

/**
 * Runs `work` while no other process does so with the same cache. Settles when `work` does.
 * A lock that a killed process left behind is taken over after ten seconds.
 * @param onWait called once when somebody else holds the lock, with who it is
 * @param part folder in the cache that it is about; left out: the managed cluster and all it is made of
 */
export async function exclusively<T>(
  work: () => Promise<T>,
  onWait: (holder: string) => void,
  ...part: string[]
): Promise<T> {
  const folder = cacheFolder(...part);
  const holder = join(folder, 'lock-holder');
  const options = { lockfilePath: join(folder, 'lock'), stale: 10_000, update: 2_000, realpath: false };
  const release = await lock(folder, options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ELOCKED') throw error;
    // written a moment after the lock is taken
    onWait(existsSync(holder) ? readFileSync(holder, 'utf8') : 'just started');
    return lock(folder, { ...options, retries: { forever: true, minTimeout: 500, maxTimeout: 1_000 } });
  });
  writeFileSync(holder, `process ${process.pid}, since ${new Date().toISOString()}`);
  try {
    return await work();
  } finally {
    await release();
  }
}
