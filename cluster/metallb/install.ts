import { isIPv6 } from 'node:net';
import { stringify } from 'yaml';
import { retry } from 'zx';
import { applyAll } from '../../helpers/kube/apply.ts';
import { Kube } from '../../helpers/kube/client.ts';
import { parseManifests } from '../../helpers/kube/manifests.ts';
import type { KubeObject } from '../../helpers/kube/objects.ts';
import { clusterName, type Engine } from '../engine/engine.ts';
import { families } from '../kind/config.ts';
import { pins } from '../pins.ts';
import { podsReady, share } from '../pods.ts';
import { shell } from '../shell.ts';
import type { Target } from '../target.ts';
import { upstreamManifests } from '../upstream.ts';
import { poolOf } from './pool.ts';

interface PodOwner extends KubeObject {
  spec?: { template?: { spec: { containers: { resources?: object }[] } } };
}

export const metallbNamespace = 'metallb-system';

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
  for (const { object } of manifests) giveShare(object);
  await applyAll(kube, manifests);
  const pool = await poolManifests(engine);
  await podsReady(kube, { namespace: metallbNamespace }, 2);
  // the webhook's certificate reaches the API server a moment after the controller is ready
  await retry(100, '200ms', () => applyAll(kube, pool));
  await kube.close();
}

/** A speaker that answers no ARP request for three seconds takes all gateways off the network. */
function giveShare(object: PodOwner): void {
  for (const container of object.spec?.template?.spec.containers ?? []) container.resources = share;
}

/**
 * Whether the cluster has the subnet's address family. On a single-stack cluster, MetalLB 0.16 would give Services that
 * prefer dual stack an IPv6 address, find that it does not fit, clear both and start again, without end.
 */
const fitting = (subnet: string) => families === 'dual' || !isIPv6(subnet.split('/')[0] ?? '');

async function poolManifests(engine: Engine) {
  const addresses = (await subnets(engine)).filter(fitting).map(poolOf);
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
