import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { $, which } from 'zx';
import { kindEnv } from '../engine.ts';
import { paths } from './paths.ts';

const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
const libraries = ['usr/lib', 'lib'].map((folder) => join(paths.root, folder, triplet));

/** What the unpacked programs need to find each other and their libraries. */
export function privateEnv(): NodeJS.ProcessEnv {
  const folders = [paths.bin, ...['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((dir) => join(paths.root, dir))];
  return {
    ...kindEnv,
    PATH: [...folders, process.env.PATH].join(':'),
    LD_LIBRARY_PATH: libraries.join(':'),
    XTABLES_LIBDIR: join(paths.root, 'usr/lib', triplet, 'xtables'),
    DOCKER_HOST: `unix://${paths.socket}`,
  };
}

/** Gives the engine an iptables: the machine's own, else the unpacked one in the flavour the kernel takes. */
export async function linkIptables(): Promise<void> {
  await mkdir(paths.bin, { recursive: true });
  if (await which('iptables', { nothrow: true })) return;
  const nft = await $({ env: { ...process.env, ...privateEnv() }, nothrow: true })`iptables-nft -t nat -S`;
  const flavour = nft.exitCode === 0 ? 'nft' : 'legacy';
  for (const name of ['iptables', 'ip6tables', 'iptables-save', 'iptables-restore']) {
    const link = join(paths.bin, name);
    await rm(link, { force: true });
    await symlink(join(paths.root, 'usr/sbin', name.replace(/tables/, `tables-${flavour}`)), link);
  }
}
