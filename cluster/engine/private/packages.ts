import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shell } from '../../shell.ts';

/** Debian's packages of the engine, and of what its programs load, whether the machine has them or not. */
const engine = [
  'docker.io',
  'containerd',
  'runc',
  'tini',
  'iptables',
  'iproute2',
  'libbpf1',
  'libelf1',
  'libbsd0',
  'libdevmapper1.02.1',
  'libip4tc2',
  'libip6tc2',
  'libmd0',
  'libmnl0',
  'libnetfilter-conntrack3',
  'libnfnetlink0',
  'libnftnl11',
  'libseccomp2',
  'libxtables12',
];

/** Builds root file systems; a Perl program that needs no more than apt. */
const builder = ['mmdebstrap'];

/**
 * Fetches Debian packages with the machine's apt sources and unpacks them into `folder`; nothing is
 * installed. Settles at once when the folder is there already.
 */
async function unpack(step: string, names: string[], folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const $ = shell(step);
  const work = `${folder}.new`;
  await rm(work, { recursive: true, force: true });
  for (const part of ['lists/partial', 'archives/partial', 'debs', 'root'])
    await mkdir(join(work, part), { recursive: true });
  const apt = [
    '-o',
    `Dir::State::lists=${work}/lists`,
    '-o',
    `Dir::Cache=${work}`,
    '-o',
    'APT::Sandbox::User=root',
  ];
  await $`apt-get ${apt} update`;
  await $({ cwd: join(work, 'debs') })`apt-get ${apt} download ${names}`;
  for (const deb of await readdir(join(work, 'debs')))
    await $`dpkg -x ${join(work, 'debs', deb)} ${join(work, 'root')}`;
  await rename(join(work, 'root'), folder);
  await rm(work, { recursive: true });
}

/** Unpacks the engine's programs; settles when they are in `folder`. */
export const unpackEngine = (folder: string) => unpack('engine-packages', engine, folder);

/** Unpacks mmdebstrap; settles when it is in `folder`. */
export const unpackBuilder = (folder: string) => unpack('builder-packages', builder, folder);
