import { refOf } from '../../kube/objects.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, hasAddress, type Ingress, inScope, isKnown, listed, nameOf } from '../facts.ts';
import { asksIngress } from '../row.ts';

const ANNOTATION = 'kubernetes.io/ingress.class';
const DEFAULT = 'ingressclass.kubernetes.io/is-default-class';
const ISTIO = 'istio.io/ingress-controller';

/**
 * Ingresses that no controller takes: of a class that is not there, of none, or of one whose controller gives no sign.
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
 */
export function ingressClass(facts: Facts): Diagnosis[] {
  if (!isKnown(facts, 'IngressClass')) return [];
  const judged = facts.ingresses
    .filter((one) => inScope(facts, one))
    .map((ingress) => ({ ingress, wrong: wrongWith(facts, ingress) }));
  // where another one is served, a connection opens
  const served = new Set(
    judged.filter(({ wrong }) => !wrong).map(({ ingress }) => ingress.metadata.namespace),
  );
  return judged.flatMap(({ ingress, wrong }): Diagnosis[] => {
    if (!wrong || !asksIngress(facts, ingress)) return [];
    const shows: Diagnosis['shows'] = ['not-found', 'status'];
    if (!served.has(ingress.metadata.namespace)) shows.push('no-connection');
    return [{ ...wrong, about: refOf(ingress), shows }];
  });
}

function wrongWith(
  facts: Facts,
  ingress: Ingress,
): Pick<Diagnosis, 'cause' | 'says' | 'evidence' | 'next'> | undefined {
  const { ingressClasses, kubectl } = facts;
  const what = `Ingress ${nameOf(ingress)}`;
  const { ingressClassName } = ingress.spec;
  const classes = `IngressClasses: ${listed(ingressClasses.map(({ metadata, spec }) => `${metadata.name} (${spec.controller})`))}`;
  const next = kubectl('get ingressclasses');
  const annotated = ingress.metadata.annotations?.[ANNOTATION];
  if (hasAddress(ingress)) return undefined;
  if (ingressClassName === undefined) {
    // a controller goes by the annotation in its own way: only an address tells that one took it
    if (annotated !== undefined || ingressClasses.some(isDefault)) return undefined;
    return {
      cause: 'ingress-without-class',
      says: `no controller takes ${what}: it names no ingressClassName, and no IngressClass is the default one`,
      evidence: [classes],
      next,
    };
  }
  const found = ingressClasses.find(({ metadata }) => metadata.name === ingressClassName);
  if (!found) {
    return {
      cause: 'ingress-class-unknown',
      says: `no controller takes ${what}: there is no IngressClass "${ingressClassName}"`,
      evidence: [`${what}: ingressClassName ${ingressClassName}`, classes],
      next,
    };
  }
  const { controller } = found.spec;
  if (!isKnown(facts, 'Deployment') || servedByController(facts, controller)) return undefined;
  return {
    cause: 'ingress-class-not-served',
    says: `no controller takes ${what}: nothing in this cluster shows that ${controller} runs, which its IngressClass "${ingressClassName}" names`,
    evidence: [
      `IngressClass ${ingressClassName}: controller ${controller}`,
      'no Ingress of a class with this controller has an address',
    ],
    next: kubectl('get ingress --all-namespaces'),
  };
}

/** Istio is known by its control plane; of any other controller an address that it has given is the sign. */
function servedByController({ istiods, ingresses, ingressClasses }: Facts, controller = ''): boolean {
  if (controller === ISTIO) return istiods.length > 0;
  const classes = ingressClasses
    .filter(({ spec }) => spec.controller === controller)
    .map(({ metadata }) => metadata.name);
  return ingresses.some((one) => classes.includes(one.spec.ingressClassName ?? '') && hasAddress(one));
}

const isDefault = ({ metadata }: { metadata: { annotations?: Record<string, string> } }): boolean =>
  metadata.annotations?.[DEFAULT] === 'true';
