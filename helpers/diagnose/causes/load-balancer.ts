import { platformOf, tunnelCommand } from '../../../cluster/platform.ts';
import { metallbManifest } from '../../../cluster/preflight/metallb.ts';
import { refOf } from '../../kube/objects.ts';
import type { Service } from '../../reach/service.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Event, type Facts, hasAddress, inScope, nameOf } from '../facts.ts';
import { servicesOfGateways } from '../served.ts';

const shows: Diagnosis['shows'] = ['no-connection', 'status'];

/** Services of type LoadBalancer that have no address, and whose doing that is. */
export function loadBalancer(facts: Facts): Diagnosis[] {
  const concerned = servicesOfGateways(facts);
  return facts.services
    .filter((one) => (inScope(facts, one) || concerned.includes(one)) && isPending(one))
    .map((service) => {
      const { name, namespace } = service.metadata;
      const { loadBalancerClass } = service.spec;
      const said = eventsOf(facts, service);
      const warning = said.findLast(({ type }) => type === 'Warning');
      const about = refOf(service);
      const next = facts.kubectl(`-n ${namespace} describe service ${name}`);
      const evidence = [
        `Service ${nameOf(service)}: type LoadBalancer, no address in its status (EXTERNAL-IP is pending)`,
        ...(loadBalancerClass === undefined ? [] : [`it asks for loadBalancerClass ${loadBalancerClass}`]),
        ...said.map(eventLine),
      ];
      if (warning) {
        const says = `the load balancer gives Service ${nameOf(service)} no address: ${warning.message}`;
        return { cause: 'load-balancer-refuses', says, evidence, next, about, shows };
      }
      if (loadBalancerClass !== undefined) {
        const says = `no load balancer takes Service ${nameOf(service)}: nothing in this cluster serves loadBalancerClass "${loadBalancerClass}"`;
        return { cause: 'load-balancer-class-unknown', says, evidence, next, about, shows };
      }
      const served = facts.services.filter(hasAddress);
      if (served.length > 0) {
        const says = `the load balancer has not taken up Service ${nameOf(service)}, though others have an address`;
        const others = `with an address: ${served.map(nameOf).join(', ')}`;
        return { cause: 'load-balancer-silent', says, evidence: [...evidence, others], next, about, shows };
      }
      return {
        cause: 'load-balancer-missing',
        says: `Service ${nameOf(service)} waits for an address, and this cluster has no load balancer that gives one`,
        evidence: [...evidence, 'no Service of the cluster has a load balancer address'],
        next: howToGetOne(facts),
        about,
        shows,
      };
    });
}

const isPending = (service: Service): boolean => service.spec.type === 'LoadBalancer' && !hasAddress(service);

const eventsOf = ({ events }: Facts, { metadata }: Service): Event[] =>
  events.filter(
    ({ involvedObject: { kind, name, namespace } }) =>
      kind === 'Service' && name === metadata.name && namespace === metadata.namespace,
  );

const eventLine = ({ reason, message, source, reportingComponent }: Event): string =>
  `event ${reason} (${source?.component || reportingComponent || 'unknown'}): ${message}`;

/** @see https://istio.io/latest/docs/tasks/traffic-management/ingress/ingress-control/#determining-the-ingress-ip-and-ports */
const howToGetOne = ({ nodes, kubectl }: Facts): string =>
  platformOf(nodes)?.name === 'minikube'
    ? tunnelCommand(nodes)
    : `${kubectl(`apply -f ${metallbManifest}`)}, then give it addresses: https://metallb.io/configuration/`;
