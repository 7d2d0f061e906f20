import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shell } from './shell.ts';

interface Wanted {
  /** Name of the log. */
  step: string;
  names: string[];
  /** Also what they depend on and this machine lacks. Else the names are all there is. */
  dependencies?: boolean;
  /** Is told the size of what is fetched, `128 MB`. Only with dependencies: apt tells it for those. */
  onSize?: (size: string) => void;
}

/**
 * Fetches Debian packages with the machine's apt sources and unpacks them into `folder`; nothing is installed, and
 * no scripts of the packages are run. Needs no root. The folder is there as a whole or not at all; settles at once
 * when it is.
 */
export async function unpackPackages(
  { step, names, dependencies = false, onSize }: Wanted,
  folder: string,
): Promise<void> {
  if (existsSync(folder)) return;
  const $ = shell(step, { LC_ALL: 'C' }, (line) => {
    const [, size] = /^Need to get (.+?)(?:\/.+)? of archives/.exec(line) ?? [];
    if (size !== undefined) onSize?.(size);
  });
  const work = `${folder}.new`;
  const debs = join(work, 'debs');
  await rm(work, { recursive: true, force: true });
  for (const part of ['lists/partial', 'debs/partial', 'root'])
    await mkdir(join(work, part), { recursive: true });
  const options = [
    `Dir::State::lists=${work}/lists`,
    `Dir::Cache=${work}`,
    `Dir::Cache::archives=${debs}`,
    'APT::Sandbox::User=root',
    // of the machine's own state it only reads, so that it neither needs its locks nor waits for them
    'Debug::NoLocking=true',
  ];
  const apt = options.flatMap((option) => ['-o', option]);
  try {
    await $`apt-get ${apt} update`;
    if (dependencies) await $`apt-get ${apt} install --download-only --no-install-recommends -y -q ${names}`;
    else await $({ cwd: debs })`apt-get ${apt} download ${names}`;
    for (const deb of (await readdir(debs)).filter((file) => file.endsWith('.deb')))
      await $`dpkg -x ${join(debs, deb)} ${join(work, 'root')}`;
    await rename(join(work, 'root'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
