import { read } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';
import { kubectlOptions } from '../preflight/connection.ts';
import type { Finding } from './finding.ts';
import { serviceRanges } from './service-ranges.ts';

interface Pool {
  metadata: { name: string; namespace: string };
  spec: { addresses: string[]; autoAssign?: boolean };
}

/**
 * MetalLB pools with addresses of a family that the cluster's Services do not have. MetalLB 0.16 then adds such an
 * address to Services that prefer dual stack, takes it as a change of family, clears both and starts anew: the
 * addresses of gateways come and go, and connects to them time out.
 * @throws Problem when they cannot be read
 */
export async function diagnoseAddressFamilies(cluster: Cluster): Promise<Finding[]> {
  const [pools, cidrs] = await Promise.all([
    read<{ items: Pool[] }>(
      cluster,
      'the address pools of MetalLB',
      '/apis/metallb.io/v1beta1/ipaddresspools',
    ),
    serviceRanges(cluster),
  ]);
  if (cidrs.length === 0) return [];
  const families = [...new Set(cidrs.map(familyOf))];
  return (pools?.items ?? [])
    .filter(
      ({ spec }) =>
        spec.autoAssign !== false && !spec.addresses.every((one) => families.includes(familyOf(one))),
    )
    .map(({ metadata: { name, namespace }, spec }) => ({
      wrong: `pool ${name} of MetalLB has addresses of a family that Services of this cluster do not have`,
      evidence: [
        `the pool: ${spec.addresses.join(', ')}`,
        `the range of Services: ${cidrs.join(', ')}`,
        'gateways whose Service is PreferDualStack, as those of Istio, can lose and regain their address without end',
      ],
      next: `kubectl edit ipaddresspool ${name} --namespace ${namespace} ${kubectlOptions(cluster.connection)}, and leave the addresses of ${families.join(' and ')} only`,
    }));
}

/** A pool writes its addresses as a CIDR or as FROM-TO. */
function familyOf(addresses: string): 'IPv4' | 'IPv6' {
  return addresses.includes(':') ? 'IPv6' : 'IPv4';
}
