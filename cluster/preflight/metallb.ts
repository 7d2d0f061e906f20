import { pins } from '../pins.ts';
import { Problem } from '../problem.ts';
import { read } from './api.ts';
import type { Cluster } from './connect.ts';
import { type Connection, kubectlOptions } from './connection.ts';

interface List<T> {
  items: T[];
}

interface Pool {
  metadata: { name: string };
  spec: { addresses: string[]; autoAssign?: boolean };
  status?: { availableIPv4?: number; availableIPv6?: number };
}

interface Deployment {
  metadata: { name: string; namespace: string };
  spec: { replicas?: number };
  status: { readyReplicas?: number };
}

/** The manifests and the Helm chart of MetalLB label its controller differently. */
const CONTROLLERS = [
  'app=metallb,component=controller',
  'app.kubernetes.io/name=metallb,app.kubernetes.io/component=controller',
];

/**
 * Looks whether MetalLB can hand out addresses: controller ready, a pool with a free address, an advertisement.
 *
 * @returns undefined when MetalLB is not in the cluster, else what is wrong with it
 * @see https://metallb.io/configuration/
 */
export async function metallbProblems(cluster: Cluster): Promise<Problem[] | undefined> {
  const { connection } = cluster;
  const list = <T>(what: string, path: string) => read<List<T>>(cluster, what, path);
  const api = '/apis/metallb.io/v1beta1';
  const [pools, l2, bgp, ...controllers] = await Promise.all([
    list<Pool>('the address pools of MetalLB', `${api}/ipaddresspools`),
    list<object>('the L2Advertisements of MetalLB', `${api}/l2advertisements`),
    list<object>('the BGPAdvertisements of MetalLB', `${api}/bgpadvertisements`),
    ...CONTROLLERS.map((labels) =>
      list<Deployment>(
        'the Deployment of MetalLB',
        `/apis/apps/v1/deployments?labelSelector=${encodeURIComponent(labels)}`,
      ),
    ),
  ]);
  const [controller] = controllers.flatMap((found) => found?.items ?? []);
  // its CRDs may outlive it
  if (!pools || !controller) return undefined;

  const found: Problem[] = [];
  const { name, namespace } = controller.metadata;
  if (!controller.status.readyReplicas) {
    found.push(
      problem(
        `no pod of Deployment ${namespace}/${name} is ready`,
        'its pods do not start, or crash',
        `kubectl describe pods --namespace ${namespace} ${kubectlOptions(connection)}`,
      ),
    );
  }
  const usable = pools.items.filter(({ spec }) => spec.autoAssign !== false);
  if (usable.length === 0) {
    found.push(
      problem(
        pools.items.length ? `its pools all have autoAssign: false` : 'it has no IPAddressPool',
        'MetalLB hands out nothing until it is told which addresses of the network are its own',
        `apply an IPAddressPool (and an L2Advertisement) with free addresses of the nodes' network to namespace ${namespace}: https://metallb.io/configuration/`,
      ),
    );
  } else if (usable.every(({ status }) => status?.availableIPv4 === 0 && !status.availableIPv6)) {
    found.push(
      problem(
        `no address is free in ${usable.map((pool) => `${pool.metadata.name} (${pool.spec.addresses.join(', ')})`).join(', ')}`,
        'every address of the pool is taken by a Service',
        `delete Services that nobody needs, or widen the pool: kubectl get services --all-namespaces ${kubectlOptions(connection)} | grep LoadBalancer`,
      ),
    );
  }
  if (!l2?.items.length && !bgp?.items.length) {
    found.push(
      problem(
        'it has neither an L2Advertisement nor a BGPAdvertisement',
        'MetalLB gives Services an address, but tells nobody on the network where it is',
        `apply an L2Advertisement to namespace ${namespace}: https://metallb.io/configuration/`,
      ),
    );
  }
  return found;
}

function problem(got: string, cause: string, next: string): Problem {
  return new Problem({ asked: 'find a load balancer address that MetalLB can hand out', got, cause, next });
}

export const metallbManifest = `https://raw.githubusercontent.com/metallb/metallb/${pins.metallb}/config/manifests/metallb-native.yaml`;

/** How to get MetalLB into a cluster that has no load balancer. */
export function metallbCommand(connection: Connection): string {
  return `kubectl apply -f ${metallbManifest} ${kubectlOptions(connection)}, then give it addresses: https://metallb.io/configuration/`;
}
