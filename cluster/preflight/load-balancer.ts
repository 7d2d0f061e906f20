import { Problem } from '../problem.ts';
import { Forbidden, read } from './api.ts';
import type { Cluster } from './connect.ts';
import { metallbCommand, metallbProblems } from './metallb.ts';

interface Service {
  metadata: { name: string; namespace: string; creationTimestamp: string };
  spec: { type: string };
  status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

interface Node {
  spec: { providerID?: string };
}

/** Clouds whose clusters come with a controller for load balancers, by the scheme of their nodes' providerID. */
const CLOUDS =
  /^(aws|gce|azure|oci|ibm|digitalocean|linode|scaleway|hcloud|alicloud|cloudstack|vultr|civo|exoscale):\/\//;

/** A Service that has waited this long, in milliseconds, is not just new: MetalLB takes less than a second. */
const LONG = 60_000;

/**
 * Looks for what gives a Service of type LoadBalancer its address. The API has no sign of it, so this goes by
 * what such a thing leaves behind: Services that have an address, MetalLB, nodes of a cloud.
 *
 * @returns a note when nothing shows that there is one, or the user may not look
 * @throws Problem when MetalLB is all there is and cannot work, or Services wait and nothing is there to serve them
 */
export async function checkLoadBalancer(cluster: Cluster): Promise<string[]> {
  try {
    return await lookForLoadBalancer(cluster);
  } catch (error) {
    if (error instanceof Forbidden) return [`cannot tell whether there is a load balancer: ${error.got}`];
    throw error;
  }
}

async function lookForLoadBalancer(cluster: Cluster): Promise<string[]> {
  const [services, nodes, metallb] = await Promise.all([
    read<{ items: Service[] }>(cluster, 'the Services', '/api/v1/services'),
    read<{ items: Node[] }>(cluster, 'the nodes', '/api/v1/nodes'),
    metallbProblems(cluster),
  ]);
  if (nodes?.items.some(({ spec }) => CLOUDS.test(spec.providerID ?? ''))) return [];
  const [broken] = metallb ?? [];
  if (broken) throw broken;
  const balanced = services?.items.filter(({ spec }) => spec.type === 'LoadBalancer') ?? [];
  if (metallb || balanced.some(({ status }) => status.loadBalancer?.ingress?.length)) return [];

  const waiting = balanced.filter(
    ({ metadata }) => Date.now() - Date.parse(metadata.creationTimestamp) > LONG,
  );
  const none =
    'no Service of this cluster has a load balancer address, it has no MetalLB, and its nodes are of no known cloud';
  if (waiting.length === 0) {
    return [
      `${none}: Gateways may stay without an address (to get one: ${metallbCommand(cluster.connection)})`,
    ];
  }
  const names = waiting.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  throw new Problem({
    asked: 'find what hands out load balancer addresses',
    got: `pending: Service ${names.join(', ')}; ${none}`,
    cause:
      'the cluster has no load balancer implementation, so a Gateway never gets an address (AddressNotAssigned)',
    next: metallbCommand(cluster.connection),
  });
}
