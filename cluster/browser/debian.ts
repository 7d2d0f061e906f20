import { existsSync, globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { which } from 'zx';
import { cacheFolder } from '../cache.ts';
import { unpackPackages } from '../debian-packages.ts';
import { exclusively } from '../lock.ts';

/** What is unpacked together: by the name of its folder, Debian's packages. */
const packages = {
  chromium: ['chromium', 'fonts-liberation', 'libnss3-tools'],
  certutil: ['libnss3-tools'],
};

/** Programs that were unpacked: the folder that stands for `/`, and the environment that they need. */
export interface Unpacked {
  root: string;
  env: Record<string, string>;
}

/** Whether this machine has the programs of Debian's package management. */
export async function hasApt(): Promise<boolean> {
  const found = await Promise.all(['apt-get', 'dpkg'].map((program) => which(program, { nothrow: true })));
  return found.every((program) => program !== null);
}

/**
 * Debian's packages of that name with all that they need and the machine lacks, unpacked into the cache; at once when
 * they are there already. Others who do the same are waited for.
 * @param say is told, a line each, what is fetched and how long it took
 * @throws ProcessOutput, with apt's own words, when they cannot be fetched
 */
export async function unpacked(name: keyof typeof packages, say: (line: string) => void): Promise<Unpacked> {
  const root = join(cacheFolder('browser'), name);
  if (!existsSync(root)) {
    await exclusively(
      () => fetch(name, root, say),
      (holder) => say(`waiting for another run that fetches a browser (${holder})`),
      'browser',
    );
  }
  const libraries = globSync('usr/lib/*-linux-gnu/**/lib*.so*', { cwd: root }).map((file) => dirname(file));
  const folders = [...new Set(libraries)].map((folder) => join(root, folder));
  const env: Record<string, string> = {
    LD_LIBRARY_PATH: [...folders, process.env.LD_LIBRARY_PATH ?? []].flat().join(':'),
  };
  if (name === 'chromium') {
    env.FONTCONFIG_FILE = join(root, 'fonts.conf');
    await writeFile(env.FONTCONFIG_FILE, fontsConfig(root));
  }
  return { root, env };
}

async function fetch(name: keyof typeof packages, root: string, say: (line: string) => void): Promise<void> {
  if (existsSync(root)) return;
  const names = packages[name];
  const start = performance.now();
  await unpackPackages(
    {
      step: `browser-${name}`,
      names,
      dependencies: true,
      onSize: (size) => say(`fetching Debian's ${names.join(', ')} and what they need, ${size}, once`),
    },
    root,
  );
  say(`Debian's ${names.join(', ')}: in ${root} after ${((performance.now() - start) / 1_000).toFixed(0)} s`);
}

/** The machine's fonts, if it has any, and the unpacked ones, which are few and are called by name. */
const fontsConfig = (root: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(root, 'usr/share/fonts')}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>sans-serif</family><prefer><family>Liberation Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Liberation Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>Liberation Mono</family></prefer></alias>
</fontconfig>
`;
