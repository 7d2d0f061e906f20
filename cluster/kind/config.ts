import { existsSync } from 'node:fs';
import { stringify } from 'yaml';
import { goRuntime } from '../go-runtime.ts';
import type { ImageSource } from '../target.ts';
import { patches } from './patches.ts';

const extraEnvs = Object.entries(goRuntime).map(([name, value]) => ({ name, value }));

/** There is one of each: nobody else could lead, and one that lost its lease while the API server was away would end. */
const alone = { name: 'leader-elect', value: 'false' };

/**
 * A run makes and deletes dozens of Deployments and namespaces at once. At its default of 20 requests a second the
 * controller manager would still be throttling itself when everything else is done; and what is in etcd need not
 * outlive the machine, so that no write waits for the disk.
 */
const controlPlane = {
  kind: 'ClusterConfiguration',
  apiServer: { extraEnvs },
  etcd: { local: { extraEnvs, extraArgs: [{ name: 'unsafe-no-fsync', value: 'true' }] } },
  controllerManager: {
    extraEnvs,
    extraArgs: [
      alone,
      { name: 'kube-api-qps', value: '200' },
      { name: 'kube-api-burst', value: '400' },
      { name: 'concurrent-namespace-syncs', value: '40' },
    ],
  },
  scheduler: { extraArgs: [alone] },
};

/** Address families of the cluster: both where this machine's kernel has IPv6, as the engine's network then has it too. */
export const families = existsSync('/proc/net/if_inet6') ? 'dual' : 'ipv4';

const patchFolder = '/kubeadm-patches';

/**
 * kind's configuration of the managed cluster: one node; from source, with the node image's own pod network.
 * @param patchFiles folder on this machine that has kubeadm's patches
 */
export const kindConfig = (imageSource: ImageSource, patchFiles: string) => ({
  kind: 'Cluster',
  apiVersion: 'kind.x-k8s.io/v1alpha4',
  networking: { ipFamily: families, disableDefaultCNI: imageSource === 'source' },
  nodes: [
    {
      role: 'control-plane',
      extraMounts: [{ hostPath: patchFiles, containerPath: patchFolder, readOnly: true }],
    },
  ],
  kubeadmConfigPatches: [
    // kubelet 1.35 and later refuse hosts with cgroup v1 unless told otherwise
    'kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nfailCgroupV1: false\n',
    stringify(controlPlane),
    stringify({ kind: 'InitConfiguration', patches: { directory: patchFolder } }),
  ],
});

/** All that a node is made with, to be compared with what it was made with. */
export const nodeRecipe = (imageSource: ImageSource): string =>
  JSON.stringify([kindConfig(imageSource, patchFolder), patches]);
