import { refOf } from '../../kube/objects.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, inScope, listed, nameOf, selects } from '../facts.ts';

/** Istio Gateways with a server at a port that no Service of their pods has: nothing from outside gets there. */
export function portExposed(facts: Facts): Diagnosis[] {
  return facts.istioGateways
    .filter((one) => inScope(facts, one))
    .flatMap((gateway): Diagnosis[] => {
      const pods = facts.pods.filter(({ metadata }) => selects(gateway.spec.selector, metadata.labels));
      const services = facts.services.filter(({ metadata, spec }) =>
        pods.some(
          (pod) =>
            pod.metadata.namespace === metadata.namespace && selects(spec.selector, pod.metadata.labels),
        ),
      );
      if (services.length === 0) return [];
      const exposed = services.flatMap(({ spec }) => spec.ports.map(({ port }) => port));
      const hidden = (gateway.spec.servers ?? []).filter(({ port }) => !exposed.includes(port.number));
      return hidden.map(({ port }) => ({
        cause: 'port-not-exposed',
        says: `nothing from outside reaches port ${port.number} of Gateway ${nameOf(gateway)}: no Service of its pods has that port`,
        evidence: services.map(
          (service) => `Service ${nameOf(service)}: ports ${listed(service.spec.ports.map(portWords))}`,
        ),
        next: facts.kubectl(
          `-n ${services[0]?.metadata.namespace} get service ${services[0]?.metadata.name} -o yaml`,
        ),
        about: refOf(gateway),
        shows: ['no-connection'],
      }));
    });
}

const portWords = ({ name, port }: { name?: string; port: number }): string =>
  name === undefined ? String(port) : `${port} (${name})`;
