import { labelWords, refOf } from '../../kube/objects.ts';
import { podProgress } from '../../pods/stuck.ts';
import type { Service } from '../../reach/service.ts';
import { type Backend, backendsNamed } from '../backends.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type EndpointSlice, type Facts, isKnown, listed, nameOf, selects } from '../facts.ts';
import { isGranted } from '../grants.ts';

const shows: Diagnosis['shows'] = ['no-backend'];
/** A controller says so in the route's ResolvedRefs; of a port only some do. */
const inStatus = new Set<Diagnosis['cause']>([
  'backend-missing',
  'backend-not-granted',
  'backend-port-unknown',
]);

/** Services that routes of any dialect name and that cannot answer, with the first reason on the way to their pods. */
export function backend(facts: Facts): Diagnosis[] {
  if (!isKnown(facts, 'Service')) return [];
  const seen = new Set<string>();
  return backendsNamed(facts).flatMap((named) => {
    const key = JSON.stringify([refOf(named.of), named.namespace, named.name, named.port]);
    if (seen.has(key)) return [];
    seen.add(key);
    const { cause, says, evidence, next } = wrongWith(facts, named) ?? {};
    if (!cause || !says || !evidence || !next) return [];
    const about = refOf(named.of);
    return [
      { cause, says, evidence, next, about, shows: inStatus.has(cause) ? [...shows, 'status'] : shows },
    ];
  });
}

type Wrong = Pick<Diagnosis, 'cause' | 'says' | 'evidence' | 'next'>;

function wrongWith(facts: Facts, named: Backend): Wrong | undefined {
  const { of, namespace, name, port } = named;
  const { services, kubectl } = facts;
  const what = `${of.kind} ${nameOf(of)}`;
  if (named.needsGrant && !isGranted(facts, of, { kind: 'Service', namespace, name })) {
    return {
      cause: 'backend-not-granted',
      says: `${what} may not lead to Service ${namespace}/${name}: no ReferenceGrant in ${namespace} allows it`,
      evidence: [`${what} is in namespace ${of.metadata.namespace}`],
      next: kubectl(`-n ${namespace} get referencegrants -o yaml`),
    };
  }
  const service = services.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (!service) {
    const here = services.filter(({ metadata }) => metadata.namespace === namespace);
    const elsewhere = services.filter(({ metadata }) => metadata.name === name).map(nameOf);
    return {
      cause: 'backend-missing',
      says: `${what} leads to nothing: there is no Service ${namespace}/${name}${elsewhere.length > 0 ? `, but ${elsewhere.join(', ')}` : ''}`,
      evidence: [`Services in ${namespace}: ${listed(here.map(({ metadata }) => metadata.name))}`],
      next: kubectl(`-n ${namespace} get services`),
    };
  }
  const found = service.spec.ports.find(
    (one) => port === undefined || (typeof port === 'number' ? one.port === port : one.name === port),
  );
  if (!found) {
    return {
      cause: 'backend-port-unknown',
      says: `${what} leads to port ${port} of Service ${namespace}/${name}, which has no such port`,
      evidence: [`ports of the Service: ${listed(service.spec.ports.map(portWords))}`],
      next: kubectl(`-n ${namespace} get service ${name} -o yaml`),
    };
  }
  return withoutEndpoint(facts, what, service, found.name);
}

function withoutEndpoint(
  facts: Facts,
  what: string,
  service: Service,
  port: string | undefined,
): Wrong | undefined {
  if (service.spec.type === 'ExternalName' || !isKnown(facts, 'EndpointSlice')) return undefined;
  const { name, namespace } = service.metadata;
  const slices = facts.slices.filter(
    ({ metadata }) =>
      metadata.namespace === namespace && metadata.labels?.['kubernetes.io/service-name'] === name,
  );
  if (slices.some((slice) => serves(slice, port))) return undefined;
  const { selector } = service.spec;
  const pods = facts.pods.filter(
    ({ metadata }) => metadata.namespace === namespace && selects(selector, metadata.labels),
  );
  const ready = slices.some(hasReady);
  const why = ready
    ? `no pod has a port of the name that its targetPort gives`
    : pods.length === 0
      ? `its selector ${labelWords(selector) || '(none)'} selects no pod`
      : 'none of its pods is ready';
  return {
    cause: 'backend-without-endpoints',
    says: `${what} leads to Service ${nameOf(service)}, which has no ready endpoint: ${why}`,
    evidence: [
      `Service ${nameOf(service)}: selector ${labelWords(selector) || 'none'}`,
      ...(pods.length > 0 ? pods.map((pod) => `pod ${podProgress(pod)}`) : ['pods with these labels: none']),
    ],
    next: facts.kubectl(
      pods.length > 0 && !ready
        ? `-n ${namespace} describe pods -l ${labelWords(selector)}`
        : `-n ${namespace} get pods --show-labels`,
    ),
  };
}

// ready: undefined counts as ready, says the API
const hasReady = ({ endpoints }: EndpointSlice): boolean =>
  (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false);

const serves = (slice: EndpointSlice, port: string | undefined): boolean =>
  hasReady(slice) && (slice.ports ?? []).some((one) => (one.name ?? '') === (port ?? ''));

const portWords = ({ name, port }: { name?: string; port: number }): string =>
  name === undefined ? String(port) : `${port} (${name})`;
