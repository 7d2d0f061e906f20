import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holderIdentity, thisHolder } from '../../helpers/run/holder.ts';
import { profilesFolder } from './profiles.ts';

const module = new URL('profiles.ts', import.meta.url).href;

/** Makes a folder in another process, which then ends by itself or is killed. */
function madeBy(lastly: string): string {
  const script = `const { profilesFolder } = await import('${module}'); console.log(await profilesFolder()); ${lastly}`;
  const args = ['--input-type=module', '--eval', script];
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout.trim();
}

test('the folder goes with the process that made it', () => {
  const folder = madeBy('');
  expect(folder).toMatch(/ic-\w{6}$/);
  expect(existsSync(folder)).toBe(false);
});

test('what a killed process left goes with the next call; what lives, or is not ours, stays', async () => {
  const left = madeBy("process.kill(process.pid, 'SIGKILL')");
  expect(existsSync(left)).toBe(true);
  const [living, strange, young, old] = await Promise.all(
    [1, 2, 3, 4].map(() => mkdtemp(join(tmpdir(), 'ic-'))),
  );
  // killed before it said whose it is
  await utimes(old as string, 0, 0);
  await writeFile(join(living as string, 'holder'), holderIdentity(await thisHolder()));
  await mkdir(join(strange as string, 'holder'));

  const own = await profilesFolder();

  const all = [left, old, living, strange, young, own];
  expect(all.map((folder) => existsSync(folder as string))).toEqual([false, false, true, true, true, true]);
  await Promise.all([living, strange, young, own].map((folder) => rm(folder as string, { recursive: true })));
});
