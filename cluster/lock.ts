import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { lock } from 'proper-lockfile';
import { cacheFolder, inCache } from './cache.ts';

/**
 * Runs `work` while no other process does so with the same cache. Settles when `work` does.
 * A lock that a killed process left behind is taken over after ten seconds.
 * @param onWait called once when somebody else holds the lock, with who it is
 */
export async function exclusively<T>(work: () => Promise<T>, onWait: (holder: string) => void): Promise<T> {
  const folder = cacheFolder();
  const holder = inCache('lock-holder');
  const options = { lockfilePath: inCache('lock'), stale: 10_000, update: 2_000, realpath: false };
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
