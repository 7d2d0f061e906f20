import { isMadeFor, serviceFor } from '../gateway/made.ts';
import type { GatewayObject } from '../gateway/types.ts';
import type { Pod } from '../pods/types.ts';
import type { Service } from '../reach/service.ts';
import { type Facts, inScope, selects } from './facts.ts';

/** The Services in front of the Gateways that diagnoses are wanted of: they may be in namespaces of the controller's. */
export function servicesOfGateways(facts: Facts): Service[] {
  const found = facts.gateways
    .filter((one) => inScope(facts, one))
    .map((gateway) => serviceFor(gateway, facts.services));
  return [...new Set(found.filter((service) => service !== undefined))];
}

/** The pods that serve a Gateway: those that were made for it, and those behind its Service. */
export function podsOfGateway({ pods, services }: Facts, gateway: GatewayObject): Pod[] {
  const service = serviceFor(gateway, services);
  return pods.filter(
    (pod) =>
      isMadeFor(gateway, pod) ||
      (pod.metadata.namespace === service?.metadata.namespace &&
        selects(service?.spec.selector, pod.metadata.labels)),
  );
}
