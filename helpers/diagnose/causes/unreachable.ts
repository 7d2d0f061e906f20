import type { Connected } from '../../reach/connect.ts';
import { authority } from '../../traffic/request.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Facts, Probe } from '../facts.ts';
import { isRelated } from '../related.ts';

const outcomes: Record<Connected, string> = {
  open: 'a connection opens',
  refused: 'the connection is refused',
  timeout: 'no connection opens: connects are left without an answer',
  unreachable: 'the network says it is unreachable',
  'unknown-host': 'the name does not resolve',
};

/** Addresses to which this machine gets no connection, where the objects of the cluster do not tell why. */
export function unreachable(facts: Facts, before: Diagnosis[]): Diagnosis[] {
  return facts.probes
    .filter(({ about, connected }) => {
      const related = isRelated(facts, about);
      return (
        connected !== 'open' && !before.some((one) => one.shows.includes('no-connection') && related(one))
      );
    })
    .map((probe) => ({ ...explained(probe), about: probe.about, shows: ['no-connection'] }));
}

function explained({ way, address, connected, nodePort }: Probe): Omit<Diagnosis, 'about' | 'shows'> {
  const at = authority(address);
  const evidence = [`${at}: ${outcomes[connected]}`];
  if (nodePort) evidence.push(`node port ${authority(nodePort.address)}: ${outcomes[nodePort.connected]}`);
  if (nodePort?.connected === 'open') {
    return {
      cause: 'load-balancer-unreachable',
      says: `the gateway answers at its node port, but not at its load balancer's address ${at}: the load balancer does not lead there from this machine`,
      evidence,
      next: `curl -I http://${authority(nodePort.address)}/, or all cases that way: npm test -- --reach nodeport`,
    };
  }
  if (nodePort?.connected === 'refused') {
    return {
      cause: 'port-refused',
      says: `nothing listens behind ${at}: its node port ${authority(nodePort.address)} is reached, and refuses the connection`,
      evidence,
      next: `nc -vz ${nodePort.address.host} ${nodePort.address.port}`,
    };
  }
  if (connected === 'refused') {
    return {
      cause: 'port-refused',
      says: `the address ${at} is reached, but nothing listens at that port`,
      evidence,
      next: `nc -vz ${address.host} ${address.port}`,
    };
  }
  if (connected === 'unknown-host') {
    return {
      cause: 'address-unknown-to-dns',
      says: `the load balancer's host name ${address.host} is not known to the DNS that this machine asks`,
      evidence,
      next: `getent hosts ${address.host}`,
    };
  }
  const cannot =
    'this machine has no way into its network (a cluster in a virtual machine, as with Docker Desktop, a VPN or a firewall between)';
  const or =
    way === 'nodeport' ? 'a firewall drops the node ports' : 'the load balancer does not announce it';
  return {
    cause: 'address-unreachable',
    says: `nothing answers for the address ${at} on the way from here: ${cannot}, or ${or}`,
    evidence,
    next: `ip route get ${address.host}; or all cases from inside the cluster: npm test -- --reach in-cluster`,
  };
}
