import { statfs } from 'node:fs/promises';
import { cacheFolder } from './cache.ts';
import { Problem } from './problem.ts';

const gigabyte = 1024 ** 3;

/**
 * Checks that the cache's disk has room.
 * @param needed gigabytes
 * @throws Problem that says how much is there
 */
export async function diskSpace(needed: number, asked: string): Promise<void> {
  const folder = cacheFolder();
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / gigabyte;
  if (free >= needed) return;
  throw new Problem({
    asked,
    got: `${free.toFixed(1)} GB free where the cache is (${folder}), ${needed} GB needed`,
    cause: 'the disk is too small for binaries, images and the node',
    next: 'make room, or set CONFORMANCE_CACHE to a folder on a larger disk',
  });
}
