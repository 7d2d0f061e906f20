import { labelWords, type ObjectMeta, type Selection } from '../kube/objects.ts';
import type { Service } from '../reach/service.ts';
import { GATEWAY_NAME_LABEL, type GatewayObject } from './types.ts';

interface Named {
  metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'labels'>;
}

/** Labels of a controller's own: `gateway.envoyproxy.io/owning-gateway-name`, and `…-gateway-namespace` beside it. */
const OWN_NAME_LABEL = /^(.+\bgateway-)name$/;

/**
 * Whether a controller made the object for the Gateway, by its labels: the one of Gateway API, in the Gateway's own
 * namespace; or two of the controller's own, with name and namespace of the Gateway, where it keeps its gateways in a
 * namespace of its own.
 * @see https://gateway-api.sigs.k8s.io/geps/gep-1762/
 */
export const isMadeFor = (gateway: Named, made: Named): boolean => labelsFor(gateway, made) !== undefined;

/** Those of its labels that say for which Gateway it was made. */
function labelsFor({ metadata: gateway }: Named, { metadata }: Named): Record<string, string> | undefined {
  const { name, namespace = '' } = gateway;
  const { labels = {} } = metadata;
  if (labels[GATEWAY_NAME_LABEL] === name && metadata.namespace === namespace)
    return { [GATEWAY_NAME_LABEL]: name };
  for (const key of Object.keys(labels)) {
    const [, prefix] = OWN_NAME_LABEL.exec(key) ?? [];
    const beside = `${prefix}namespace`;
    if (prefix && labels[key] === name && labels[beside] === namespace)
      return { [key]: name, [beside]: namespace };
  }
  return undefined;
}

/**
 * Where a controller puts what it makes for a Gateway, and by which labels that is known, as the Service tells that it
 * made for it.
 * @returns undefined when the Service was not made for it alone
 */
export function placeOfMade(
  gateway: Named,
  service: Service,
): Pick<Selection, 'namespace' | 'labels'> | undefined {
  const owner = labelsFor(gateway, service);
  return owner && { namespace: service.metadata.namespace, labels: labelWords(owner) };
}

/** Whether a controller made the object for one Gateway, whichever that is. */
export const isMade = ({ metadata }: Named): boolean =>
  Object.keys(metadata.labels ?? {}).some((key) => OWN_NAME_LABEL.test(key));

/**
 * The Service in front of a Gateway: the one that was made for it; else one that has its address and the port of one of
 * its listeners, which is how Gateways are served that share their pods.
 * @param services of all namespaces
 */
export function serviceFor(
  gateway: Pick<GatewayObject, 'metadata' | 'spec' | 'status'>,
  services: Service[],
): Service | undefined {
  const made = services.find((service) => isMadeFor(gateway, service));
  if (made) return made;
  const addresses = gateway.status?.addresses?.map(({ value }) => value) ?? [];
  const ports = gateway.spec.listeners.map(({ port }) => port);
  return services.find(
    (service) =>
      addressesOf(service).some((address) => addresses.includes(address)) &&
      service.spec.ports.some(({ port }) => ports.includes(port)),
  );
}

function addressesOf({ spec, status }: Service): string[] {
  const balanced = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => [ip, hostname]);
  return [...balanced, spec.clusterIP].filter(
    (address) => address !== undefined && address !== '' && address !== 'None',
  ) as string[];
}
