import { stringify } from 'yaml';
import { retry } from 'zx';
import { applyAll } from '../../helpers/kube/apply.ts';
import { Kube } from '../../helpers/kube/client.ts';
import { parseManifests } from '../../helpers/kube/manifests.ts';
import type { KubeObject } from '../../helpers/kube/objects.ts';
import { met, missing, waitFor } from '../../helpers/kube/wait.ts';
import { clusterName, type Engine } from '../engine/engine.ts';
import { pins } from '../pins.ts';
import { shell } from '../shell.ts';
import type { Target } from '../target.ts';
import { upstreamManifests } from '../upstream.ts';
import { poolOf } from './pool.ts';

export const metallbNamespace = 'metallb-system';
const readyWithin = 120_000;

/**
 * Installs MetalLB with one layer 2 pool cut from the engine network's own subnets; settles when its pods are
 * ready and its webhook has taken the pool. Applying it again changes nothing.
 */
export async function installMetallb(
  engine: Engine,
  connection: Pick<Target, 'kubeconfig' | 'context'>,
): Promise<void> {
  const kube = new Kube(connection);
  const manifests = await upstreamManifests({
    module: 'go.universe.tf/metallb',
    files: 'config/manifests/metallb-native.yaml',
    url: `https://raw.githubusercontent.com/metallb/metallb/${pins.metallb}/config/manifests/metallb-native.yaml`,
  });
  await applyAll(kube, manifests);
  const pool = await poolManifests(engine);
  await podsReady(kube, metallbNamespace, 2);
  // the webhook's certificate reaches the API server a moment after the controller is ready
  await retry(100, '200ms', () => applyAll(kube, pool));
  await kube.close();
}

/** Settles when a namespace has at least `count` pods and all of them are ready. @throws WaitTimeout */
export async function podsReady(kube: Kube, namespace: string, count: number): Promise<void> {
  await waitFor<KubeObject & { status?: { conditions?: { type: string; status: string }[] } }, void>(
    kube,
    { apiVersion: 'v1', kind: 'Pod', namespace },
    {
      until: 'to be ready',
      timeout: readyWithin,
      check: (pods) => {
        const open = pods.filter(
          ({ status }) =>
            !status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
        );
        return pods.length >= count && open.length === 0
          ? met(undefined)
          : missing(
              open.map(({ metadata }) => metadata.name).join(', ') || `${pods.length} of ${count} pods exist`,
            );
      },
    },
  );
}

async function poolManifests(engine: Engine) {
  const addresses = (await subnets(engine)).map(poolOf);
  const metadata = { name: clusterName, namespace: metallbNamespace };
  const objects = [
    { apiVersion: 'metallb.io/v1beta1', kind: 'IPAddressPool', metadata, spec: { addresses } },
    {
      apiVersion: 'metallb.io/v1beta1',
      kind: 'L2Advertisement',
      metadata,
      spec: { ipAddressPools: [clusterName] },
    },
  ];
  return parseManifests(objects.map((object) => stringify(object)).join('---\n'), 'the address pool');
}

/** Subnets of the network that kind's node is on, as Docker or Podman tell them. */
async function subnets(engine: Engine): Promise<string[]> {
  const inspect = await shell('metallb', engine.env)`${engine.cli} network inspect ${clusterName}`;
  const [network] = JSON.parse(inspect.stdout);
  const listed: { Subnet?: string; subnet?: string }[] = network.IPAM?.Config ?? network.subnets;
  return listed.map(({ Subnet, subnet }) => Subnet ?? subnet ?? '');
}
