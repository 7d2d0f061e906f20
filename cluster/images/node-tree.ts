import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { binaries, moduleDir, versionOf } from '../build/go.ts';
import { cacheFolder } from '../cache.ts';
import { goRuntime } from '../go-runtime.ts';
import { shell } from '../shell.ts';

const podNetworks = { iptables: '10.244.0.0/24', ip6tables: 'fd00:10:244::/64' };

const pointToPoint = 'ptp-without-dad';

/**
 * Pod network of the one-node cluster: what kindnet gives a node, without its image. Pods masquerade as the node by one
 * rule for all of them, as with kindnet: by one for each pod the plugin would spend more time in iptables than in all else.
 */
const cni = {
  cniVersion: '0.4.0',
  name: 'ingress-conformance',
  plugins: [
    {
      type: pointToPoint,
      ipam: {
        type: 'host-local',
        dataDir: '/run/cni-ipam-state',
        routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
        ranges: Object.values(podNetworks).map((subnet) => [{ subnet }]),
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

/**
 * CNI's ptp in a network namespace that does not look for duplicates of its IPv6 addresses: nobody else has what
 * host-local gives, and ptp waits 1.5 s for the answer that does not come. Where the kernel has no IPv6 there is no such
 * setting.
 */
const ptpWithoutDad = `#!/bin/sh
if [ "$CNI_COMMAND" = ADD ]; then
  nsenter --net="$CNI_NETNS" sh -c 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad' 2>/dev/null
fi
exec /opt/cni/bin/ptp
`;

const goSettings = `[Service]\nEnvironment=${Object.entries(goRuntime)
  .map(([name, value]) => `${name}=${value}`)
  .join(' ')}\n`;

/** ip6tables fails where the kernel has no IPv6. */
const masquerade = `[Service]
${Object.entries(podNetworks)
  .map(([program, subnet]) => {
    const rule = `POSTROUTING -s ${subnet} ! -d ${subnet} -j MASQUERADE`;
    return `ExecStartPre=-/bin/sh -c '${program} -t nat -C ${rule} || ${program} -t nat -A ${rule}'`;
  })
  .join('\n')}
`;

const storageClass = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
  annotations:
    storageclass.kubernetes.io/is-default-class: "true"
provisioner: kubernetes.io/no-provisioner
`;

/** Units of a full Debian that a node must not start, as kind's base image leaves them out. */
const unwanted = [
  'lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service',
  'lib/systemd/system/multi-user.target.wants/*',
  'etc/systemd/system/*.wants/*',
  'lib/systemd/system/local-fs.target.wants/*',
  'lib/systemd/system/sockets.target.wants/*udev*',
  'lib/systemd/system/sockets.target.wants/*initctl*',
  'lib/systemd/system/basic.target.wants/*',
];

/** Run inside the node's root file system, after the tree has been laid over it. */
export const nodeSetUp = [
  `rm -f ${unwanted.map((path) => `/${path}`).join(' ')}`,
  'echo ReadKMsg=no >> /etc/systemd/journald.conf',
  'ln -sf /lib/systemd/systemd /sbin/init',
  'systemctl enable kubelet.service containerd.service undo-mount-hacks.service',
  'systemctl mask systemd-binfmt.service',
  'mkdir -p /etc/kubernetes/manifests /usr/local/sbin',
  'ln -sf /usr/sbin/runc /usr/local/sbin/runc',
  // without kind's hook, a script of several processes for each container that hides the machine's product name from it
  `ctr oci spec | jq 'del(.process.rlimits)' > /etc/containerd/cri-base.json`,
].join(' && ');

/**
 * Lays out what a kind node holds above Debian: kind's own entrypoint and units, containerd, CNI plugins,
 * kubeadm, kubelet, kubectl. Settles with the folder's path.
 */
export async function nodeTree(): Promise<string> {
  const tree = cacheFolder('images', 'node-tree');
  await rm(tree, { recursive: true });
  const files = join(await moduleDir('sigs.k8s.io/kind'), 'images/base/files');
  await cp(files, tree, { recursive: true });
  // Go's module cache is read-only, and so is its copy.
  await shell('images')`chmod -R u+w,a+rX ${tree}`;
  await rm(join(tree, 'LICENSES'), { recursive: true, force: true });
  await shell('images')`chmod -R 755 ${join(tree, 'kind')} ${join(tree, 'usr/local/bin')}`;

  const place = async (folder: string, names: string[]) => {
    await mkdir(join(tree, folder), { recursive: true });
    for (const name of names) {
      await cp(join(binaries('tools'), name), join(tree, folder, name));
      await chmod(join(tree, folder, name), 0o755);
    }
  };
  await place('usr/local/bin', ['containerd', 'ctr', 'containerd-shim-runc-v2']);
  await place('opt/cni/bin', ['host-local', 'loopback', 'ptp', 'portmap']);
  await place('usr/bin', ['kubeadm', 'kubelet', 'kubectl']);

  const write = async (path: string, text: string) => {
    await mkdir(join(tree, path, '..'), { recursive: true });
    await writeFile(join(tree, path), text);
  };
  await write('etc/cni/net.d/10-ingress-conformance.conflist', JSON.stringify(cni));
  await write(`opt/cni/bin/${pointToPoint}`, ptpWithoutDad);
  await chmod(join(tree, 'opt/cni/bin', pointToPoint), 0o755);
  await write('etc/systemd/system/kubelet.service.d/12-masquerade.conf', masquerade);
  for (const unit of ['containerd', 'kubelet'])
    await write(`etc/systemd/system/${unit}.service.d/20-go.conf`, goSettings);
  await write('kind/version', await versionOf('k8s.io/kubernetes'));
  await write('kind/manifests/default-cni.yaml', '\n');
  await write('kind/manifests/default-storage.yaml', storageClass);
  const containerd = join(tree, 'etc/containerd/config.toml');
  const config = await readFile(containerd, 'utf8');
  await writeFile(
    containerd,
    config
      // an engine without CAP_SYS_RESOURCE cannot lower a container's oom_score_adj
      .replace('restrict_oom_score_adj = false', 'restrict_oom_score_adj = true')
      // each cgroup that systemd makes goes over D-Bus; kubelet takes the driver that containerd names
      .replaceAll('SystemdCgroup = true', 'SystemdCgroup = false'),
  );
  return tree;
}
