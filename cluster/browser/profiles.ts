import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holderIdentity, parseHolder, stateOf, thisHolder } from '../../helpers/run/holder.ts';

/** Short: Chromium makes a socket below it, whose path the kernel takes up to about a hundred characters. */
const prefix = join(tmpdir(), 'ic-');

const aMinute = 60_000;

/**
 * Makes a folder for the profiles of this process's browsers, among the system's temporary ones. It is taken away when
 * the process ends, and by the next call when it was killed.
 */
export async function profilesFolder(): Promise<string> {
  await sweep();
  const folder = await mkdtemp(prefix);
  await writeFile(join(folder, 'holder'), holderIdentity(await thisHolder()));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!folder.startsWith(prefix)) continue;
    // somebody else's has no such file, or may not be read
    const holder = parseHolder(await readFile(join(folder, 'holder'), 'utf8').catch(() => ''));
    if (holder && (await stateOf(holder)) === 'dead') await rm(folder, { recursive: true, force: true });
    // killed before it wrote the file
    else if (!holder && (await isOld(folder))) await rmdir(folder).catch(() => {});
  }
}

async function isOld(folder: string): Promise<boolean> {
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > aMinute;
}
