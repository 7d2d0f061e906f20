import type { KubeObject } from '../kube/objects.ts';
import { type Facts, type Ingress, inScope, type Route, type VirtualService } from './facts.ts';
import { asksIngress, asksRoute, asksVirtualService } from './row.ts';

/** A Service that a route of any dialect names. */
export interface Backend {
  of: KubeObject;
  namespace: string;
  name: string;
  /** Number or name; undefined where the dialect lets it be left out. */
  port: number | string | undefined;
  /** Whether a reference into another namespace needs a ReferenceGrant. */
  needsGrant: boolean;
}

/** All Services that routes, VirtualServices and Ingresses in the scope name, if they can serve the row in question. */
export function backendsNamed(facts: Facts): Backend[] {
  return [
    ...facts.routes.filter((one) => inScope(facts, one) && asksRoute(facts, one)).flatMap(ofRoute),
    ...facts.virtualServices
      .filter((one) => inScope(facts, one) && asksVirtualService(facts, one))
      .flatMap(ofVirtualService),
    ...facts.ingresses.filter((one) => inScope(facts, one) && asksIngress(facts, one)).flatMap(ofIngress),
  ];
}

function ofRoute(route: Route): Backend[] {
  const refs = route.spec.rules?.flatMap(({ backendRefs = [] }) => backendRefs) ?? [];
  return refs
    .filter(({ kind = 'Service', group = '', weight }) => kind === 'Service' && group === '' && weight !== 0)
    .map(({ namespace = route.metadata.namespace ?? '', name, port }) => ({
      of: route,
      namespace,
      name,
      port,
      needsGrant: namespace !== route.metadata.namespace,
    }));
}

/** `NAME.NAMESPACE.svc.CLUSTER-DOMAIN`; a name without a dot is of the VirtualService's namespace. */
const clusterName = /^([^.]+)\.([^.]+)\.svc\./;

function ofVirtualService(service: VirtualService): Backend[] {
  const { http = [], tcp = [], tls = [] } = service.spec;
  const destinations = [...http, ...tcp, ...tls].flatMap(({ route = [] }) => route);
  return destinations.flatMap(({ destination: { host, port } }) => {
    const [, name, namespace] = host.includes('.')
      ? (clusterName.exec(host) ?? [])
      : [host, host, service.metadata.namespace];
    // any other host is one of a ServiceEntry
    if (name === undefined || namespace === undefined) return [];
    return [{ of: service, namespace, name, port: port?.number, needsGrant: false }];
  });
}

function ofIngress(ingress: Ingress): Backend[] {
  const { defaultBackend, rules = [] } = ingress.spec;
  const backends = [
    ...(defaultBackend ? [defaultBackend] : []),
    ...rules.flatMap(({ http }) => http?.paths.map(({ backend }) => backend) ?? []),
  ];
  return backends.flatMap(({ service }) => {
    if (!service) return [];
    const { name, port } = service;
    const { namespace = '' } = ingress.metadata;
    return [{ of: ingress, namespace, name, port: port?.number ?? port?.name, needsGrant: false }];
  });
}
