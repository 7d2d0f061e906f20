import type { GatewayObject, ParentRef } from '../../gateway/types.ts';
import type { Condition } from '../../kube/objects.ts';
import { refOf } from '../../kube/objects.ts';
import { type Diagnosis, isTold } from '../diagnosis.ts';
import { type Facts, inScope, listed, nameOf, type Route } from '../facts.ts';
import { asksRoute } from '../row.ts';
import { backend } from './backend.ts';

/**
 * Why a reference to a backend is not resolved, by the reasons of Gateway API; controllers have others of their own. Any
 * other reason is that something else in the route is not as it has to be.
 */
const ofBackends = new Set(['BackendNotFound', 'RefNotPermitted', 'InvalidKind']);

/** Routes that a Gateway's controller does not take as they are, by the reason that it gives, or has not looked at. */
export function routeAttachment(facts: Facts, before: Diagnosis[]): Diagnosis[] {
  const ofTheirs = backend(facts);
  return facts.routes
    .filter((one) => inScope(facts, one) && asksRoute(facts, one))
    .flatMap((route) => {
      const { generation } = route.metadata;
      const judged = (route.status?.parents ?? []).flatMap(({ parentRef, conditions = [] }) =>
        conditions
          .filter(({ observedGeneration }) => observedGeneration === generation)
          .map((condition) => ({ parentRef, condition })),
      );
      const refused = judged.filter(({ condition: { type, status, reason = '' } }) =>
        status !== 'False'
          ? false
          : type === 'Accepted' ||
            (type === 'ResolvedRefs' && !ofBackends.has(reason) && !isTold(ofTheirs, route)),
      );
      return judged.some(({ condition }) => condition.type === 'Accepted')
        ? refused.map(({ parentRef, condition }) => explained(facts, route, parentRef, condition))
        : unjudged(facts, route, before);
    });
}

/** Where the Gateway itself, or what the route says of it, does not tell why. */
function unjudged(facts: Facts, route: Route, before: Diagnosis[]): Diagnosis[] {
  const gateways = (route.spec.parentRefs ?? []).map((parent) => gatewayOf(facts, route, parent));
  const told = isTold(before, route) || gateways.some((one) => one === undefined || isTold(before, one));
  if (told || gateways.length === 0) return [];
  const { name, namespace } = route.metadata;
  return [
    {
      cause: 'route-waits-for-controller',
      says: `no controller has looked at ${route.kind} ${nameOf(route)} in its present generation: it does not run, or is behind`,
      evidence: [`its status speaks of no parent in generation ${route.metadata.generation}`],
      next: facts.kubectl(`-n ${namespace} describe ${route.kind.toLowerCase()} ${name}`),
      about: refOf(route),
      shows: ['not-found', 'status'],
    },
  ];
}

function gatewayOf({ gateways }: Facts, route: Route, parent: ParentRef): GatewayObject | undefined {
  const { name, namespace = route.metadata.namespace } = parent;
  return gateways.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}

function explained(facts: Facts, route: Route, parent: ParentRef, refused: Condition): Diagnosis {
  const { name, namespace = route.metadata.namespace } = parent;
  const gateway = gatewayOf(facts, route, parent);
  const what = `${route.kind} ${nameOf(route)}`;
  const { cause, says, evidence } = reasons(refused, what, route, gateway, parent);
  return {
    cause,
    says,
    evidence: [
      `${what} at Gateway ${namespace}/${name}: ${refused.type} False ${refused.reason}: ${refused.message}`,
      ...evidence,
    ],
    next: facts.kubectl(`-n ${namespace} get gateways.gateway.networking.k8s.io ${name} -o yaml`),
    about: refOf(route),
    // what a route asks for and does not get may be answered with an error, as filters are
    shows: cause === 'route-refused' ? ['not-found', 'no-backend', 'status'] : ['not-found', 'status'],
  };
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#routeconditionreason */
function reasons(
  { type, reason }: Condition,
  what: string,
  route: Route,
  gateway: GatewayObject | undefined,
  parent: ParentRef,
): Pick<Diagnosis, 'cause' | 'says' | 'evidence'> {
  const all = gateway?.spec.listeners ?? [];
  const named = all.filter(({ name }) => name === parent.sectionName);
  const listeners = named.length > 0 ? named : all;
  switch (reason) {
    case 'NotAllowedByListeners':
      return {
        cause: 'route-not-allowed',
        says: `${what} is attached to nothing: no listener of the Gateway takes ${route.kind}s from namespace ${route.metadata.namespace}`,
        evidence: listeners.map(
          ({ name, allowedRoutes }) =>
            `listener ${name}: allowedRoutes ${JSON.stringify(allowedRoutes ?? { namespaces: { from: 'Same' } })}`,
        ),
      };
    case 'NoMatchingListenerHostname':
      return {
        cause: 'hostname-mismatch',
        says: `${what} is attached to nothing: none of its hostnames is one of a listener`,
        evidence: [
          `its hostnames: ${listed(route.spec.hostnames ?? [])}`,
          ...listeners.map(({ name, hostname = 'any' }) => `listener ${name}: hostname ${hostname}`),
        ],
      };
    case 'NoMatchingParent':
      return {
        cause: 'listener-unknown',
        says: `${what} is attached to nothing: the Gateway has no listener ${[parent.sectionName, parent.port && `at port ${parent.port}`].filter(Boolean).join(' ')}`,
        evidence: listeners.map(({ name, port }) => `listener ${name}: port ${port}`),
      };
    default:
      return {
        cause: 'route-refused',
        says: `the controller does not ${type === 'Accepted' ? 'accept' : 'resolve all references of'} ${what}: ${reason}`,
        evidence: [],
      };
  }
}
