import { serviceFor } from '../gateway/made.ts';
import { type Ref, refOf } from '../kube/objects.ts';
import type { Diagnosis } from './diagnosis.ts';
import { type Facts, selects } from './facts.ts';

type Name = Pick<Ref, 'kind' | 'namespace' | 'name'>;

const keyOf = ({ kind, namespace, name }: Name): string => `${kind} ${namespace}/${name}`;

/**
 * Whether a diagnosis is about an object, or about what the object stands on: a route's Gateways, the Services in front
 * of them, and the Istio Gateways and Ingresses that are served by the pods behind a Service.
 */
export function isRelated(facts: Facts, subject: Ref): (diagnosis: Diagnosis) => boolean {
  const keys = new Set([subject, ...standsOn(facts, subject)].map(keyOf));
  return ({ about }) => keys.has(keyOf(about));
}

function standsOn(facts: Facts, subject: Ref): Name[] {
  const { routes, gateways, services } = facts;
  const route = routes.find((one) => keyOf(refOf(one)) === keyOf(subject));
  const parents = (route?.spec.parentRefs ?? []).map(({ kind = 'Gateway', namespace, name }) => ({
    kind,
    namespace: namespace ?? subject.namespace,
    name,
  }));
  const owners = new Set([subject, ...parents].map(keyOf));
  const made = services.filter(({ metadata: { namespace, ownerReferences = [] } }) =>
    ownerReferences.some(({ kind, name }) => owners.has(keyOf({ kind, name, namespace }))),
  );
  const before = gateways
    .filter((gateway) => owners.has(keyOf(refOf(gateway))))
    .map((gateway) => serviceFor(gateway, services))
    .filter((service) => service !== undefined);
  return [...parents, ...[...made, ...before].map(refOf), ...servedBy(facts, subject)];
}

function servedBy({ services, pods, istioGateways, ingresses }: Facts, subject: Ref): Name[] {
  const service = services.find((one) => keyOf(refOf(one)) === keyOf(subject));
  const behind = pods.filter(
    ({ metadata }) =>
      metadata.namespace === subject.namespace && selects(service?.spec.selector, metadata.labels),
  );
  const gateways = istioGateways.filter(({ spec }) =>
    behind.some(({ metadata }) => selects(spec.selector, metadata.labels)),
  );
  // which pods serve an Ingress no object tells: those of its namespace, as far as one can see
  const beside = service ? ingresses.filter(({ metadata }) => metadata.namespace === subject.namespace) : [];
  return [...gateways, ...beside].map(refOf);
}
