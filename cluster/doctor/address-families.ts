import { read } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';
import { kubectlOptions } from '../preflight/connection.ts';
import type { Finding } from './finding.ts';

interface Pool {
  metadata: { name: string; namespace: string };
  spec: { addresses: string[]; autoAssign?: boolean };
}

interface ServiceCIDR {
  spec: { cidrs: string[] };
}

/**
 * MetalLB pools with addresses of a family that the cluster's Services do not have. MetalLB 0.16 then adds such an
 * address to Services that prefer dual stack, takes it as a change of family, clears both and starts anew: the
 * addresses of gateways come and go, and connects to them time out.
 * @throws Problem when they cannot be read
 */
export async function diagnoseAddressFamilies(cluster: Cluster): Promise<Finding[]> {
  const [pools, ranges] = await Promise.all([
    read<{ items: Pool[] }>(
      cluster,
      'the address pools of MetalLB',
      '/apis/metallb.io/v1beta1/ipaddresspools',
    ),
    // of Kubernetes 1.33 and later; Service default/kubernetes has one family in a dual-stack cluster too
    read<{ items: ServiceCIDR[] }>(
      cluster,
      'the address ranges of Services',
      '/apis/networking.k8s.io/v1/servicecidrs',
    ),
  ]);
  const cidrs = (ranges?.items ?? []).flatMap(({ spec }) => spec.cidrs);
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
