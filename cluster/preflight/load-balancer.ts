import type { ReachChoice } from '../../helpers/reach/way.ts';
import { loadBalancerCommand, type PlatformNode, platformOf } from '../platform.ts';
import { Problem } from '../problem.ts';
import { Forbidden, read } from './api.ts';
import type { Cluster } from './connect.ts';
import { metallbProblems } from './metallb.ts';

interface Service {
  metadata: { name: string; namespace: string; creationTimestamp: string };
  spec: { type: string; loadBalancerClass?: string };
  status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

/** Clouds whose clusters come with a controller for load balancers, by the scheme of their nodes' providerID. */
const CLOUDS =
  /^(aws|gce|azure|oci|ibm|digitalocean|linode|scaleway|hcloud|alicloud|cloudstack|vultr|civo|exoscale):\/\//;

/** A Service that has waited this long, in milliseconds, is not just new: MetalLB takes less than a second. */
const LONG = 60_000;

/** No load balancer was found. */
export interface NoLoadBalancer {
  problem: Problem;
  /** False when nothing points to one, but nothing proves that there is none either. */
  certain: boolean;
}

/**
 * Looks for a load balancer before a run.
 *
 * @param reach how the gateways are to be asked: all ways but the load balancer's can do without one
 * @returns a note when nothing shows that there is one, or the user may not look
 * @throws Problem when one is needed, and MetalLB is all there is and cannot work, or Services wait and nothing is
 *   there to serve them
 */
export async function checkLoadBalancer(cluster: Cluster, reach: ReachChoice): Promise<string[]> {
  try {
    const { problem, certain } = (await findNoLoadBalancer(cluster)) ?? {};
    if (!problem) return [];
    if (certain && reach === 'loadbalancer') throw problem;
    const without =
      reach === 'loadbalancer'
        ? ''
        : '; cases that want a Gateway to be Programmed fail, the others are asked another way';
    return [`${problem.got}: ${problem.cause}${without} (to get one: ${problem.next})`];
  } catch (error) {
    if (error instanceof Forbidden) return [`cannot tell whether there is a load balancer: ${error.got}`];
    throw error;
  }
}

/**
 * Looks for what gives a Service of type LoadBalancer its address. The API has no sign of it, so this goes by
 * what such a thing leaves behind: Services that have an address, MetalLB, nodes of a cloud.
 *
 * @returns undefined when there is one
 * @throws Forbidden when the user may not look
 */
export async function findNoLoadBalancer(cluster: Cluster): Promise<NoLoadBalancer | undefined> {
  const [services, nodes, metallb] = await Promise.all([
    read<{ items: Service[] }>(cluster, 'the Services', '/api/v1/services'),
    read<{ items: PlatformNode[] }>(cluster, 'the nodes', '/api/v1/nodes'),
    metallbProblems(cluster),
  ]);
  if (nodes?.items.some(({ spec }) => CLOUDS.test(spec.providerID ?? ''))) return undefined;
  const [broken] = metallb ?? [];
  if (broken) return { problem: broken, certain: true };
  const balanced = services?.items.filter(({ spec }) => spec.type === 'LoadBalancer') ?? [];
  if (metallb || balanced.some(({ status }) => status.loadBalancer?.ingress?.length)) return undefined;

  const waiting = balanced.filter(
    // one that asks for a load balancer of its own says nothing about the others
    ({ metadata, spec }) =>
      !spec.loadBalancerClass && Date.now() - Date.parse(metadata.creationTimestamp) > LONG,
  );
  const names = waiting.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const platform = platformOf(nodes?.items ?? []);
  const where = platform ? `this is ${platform.name} (${platform.sign})` : 'the nodes are of no known cloud';
  const signs = `no Service has a load balancer address, there is no MetalLB, and ${where}`;
  return {
    problem: new Problem({
      asked: 'find what hands out load balancer addresses',
      got: names.length > 0 ? `Service ${names.join(', ')} waits for an address; ${signs}` : signs,
      cause: 'without a load balancer a Gateway never gets an address (AddressNotAssigned)',
      next: loadBalancerCommand(nodes?.items ?? [], cluster.connection),
    }),
    certain: names.length > 0,
  };
}
