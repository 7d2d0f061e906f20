import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { which } from 'zx';
import { cacheDir, cacheFolder, inCache } from '../cache.ts';
import { unpackBuilder } from '../engine/private/packages.ts';
import { pins } from '../pins.ts';
import { Problem } from '../problem.ts';
import { explain, shell } from '../shell.ts';

/** mmdebstrap's own terms: how packages are laid out, which, and what is done to the result. */
interface Recipe {
  variant: 'minbase' | 'extract';
  include: string;
  hook: string;
}

/** Root file systems that images stand on. */
const recipes = {
  /** A kind node: systemd, what kubelet and kube-proxy call, what kind's entrypoint calls. */
  node: {
    variant: 'minbase',
    include:
      'systemd dbus procps mount kmod jq curl ca-certificates e2fsprogs iproute2 iptables nftables conntrack ethtool socat libseccomp2 runc',
    hook: 'true',
  },
  /** Containers that program the packet filter: kube-proxy, Istio's proxy. No shell, no package manager. */
  network: {
    variant: 'extract',
    include: 'iptables conntrack',
    // Unpacked packages have not run the script that makes these links.
    hook: 'cd "$1/usr/sbin" && for i in iptables ip6tables; do for s in "" -save -restore; do ln -s $i-nft$s $i$s; done; done && mkdir -p -m 1777 "$1/tmp"',
  },
} satisfies Record<string, Recipe>;

export type RootFs = keyof typeof recipes;

export const rootFsKey = (name: RootFs) =>
  createHash('sha256')
    .update(JSON.stringify([pins.debianSuite, recipes[name]]))
    .digest('hex')
    .slice(0, 16);

/**
 * A root file system of Debian packages; settles with the path of its tar file, at once when it is in the cache.
 * @throws Problem when this machine has no apt or Perl, or the packages cannot be fetched
 */
export async function buildRootFs(name: RootFs): Promise<string> {
  const tar = inCache('rootfs', `${name}-${rootFsKey(name)}.tar`);
  if (existsSync(tar)) return tar;
  const asked = `build the ${name} root file system from Debian packages`;
  for (const program of ['apt-get', 'dpkg', 'perl'])
    if (!(await which(program, { nothrow: true })))
      throw new Problem({
        asked,
        got: `${program} is not on the PATH`,
        cause:
          'no image registry answers (or --images source was given), and this build needs apt, dpkg and Perl',
        next: 'use a Debian machine, or --images registry where registries answer, or --context NAME for a cluster you have',
      });
  const step = `rootfs-${name}`;
  try {
    const builder = join(cacheDir, 'builder');
    await unpackBuilder(builder);
    const path = `${join(builder, 'usr/bin')}:${process.env.PATH}`;
    const options = [
      `--variant=${recipes[name].variant}`,
      '--dpkgopt=force-unsafe-io',
      '--dpkgopt=path-exclude=/usr/share/doc/*',
      '--dpkgopt=path-exclude=/usr/share/man/*',
      '--dpkgopt=path-exclude=/usr/share/locale/*',
      '--dpkgopt=path-exclude=/usr/share/info/*',
      `--include=${recipes[name].include}`,
      `--extract-hook=${recipes[name].hook}`,
    ];
    // mmdebstrap leaves its work behind when it is killed
    const work = cacheFolder('rootfs', `${name}.work`);
    await rm(work, { recursive: true });
    await mkdir(work);
    const env = { PATH: path, SOURCE_DATE_EPOCH: '0', TMPDIR: work };
    await shell(step, env)`mmdebstrap ${options} ${pins.debianSuite} ${tar}.new.tar`;
    await rename(`${tar}.new.tar`, tar);
    await rm(work, { recursive: true });
  } catch (error) {
    throw explain(step, asked, error);
  }
  return tar;
}
