import type { GatewayObject, ParentRef } from '../../gateway/types.ts';
import type { Condition } from '../../kube/objects.ts';
import { refOf } from '../../kube/objects.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, inScope, listed, nameOf, type Route } from '../facts.ts';
import { asksRoute } from '../row.ts';

/** Routes that a Gateway's controller does not attach, by the reason that it gives. */
export function routeAttachment(facts: Facts): Diagnosis[] {
  return facts.routes
    .filter((one) => inScope(facts, one) && asksRoute(facts, one))
    .flatMap((route) =>
      (route.status?.parents ?? []).flatMap(({ parentRef, conditions = [] }): Diagnosis[] => {
        const refused = conditions.find(
          ({ type, status, observedGeneration }) =>
            type === 'Accepted' && status === 'False' && observedGeneration === route.metadata.generation,
        );
        return refused ? [explained(facts, route, parentRef, refused)] : [];
      }),
    );
}

function explained(facts: Facts, route: Route, parent: ParentRef, refused: Condition): Diagnosis {
  const { name, namespace = route.metadata.namespace } = parent;
  const gateway = facts.gateways.find(
    ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
  );
  const what = `${route.kind} ${nameOf(route)}`;
  const { cause, says, evidence } = reasons(refused.reason, what, route, gateway, parent);
  return {
    cause,
    says,
    evidence: [
      `${what} at Gateway ${namespace}/${name}: Accepted False ${refused.reason}: ${refused.message}`,
      ...evidence,
    ],
    next: facts.kubectl(`-n ${namespace} get gateways.gateway.networking.k8s.io ${name} -o yaml`),
    about: refOf(route),
    shows: ['not-found'],
  };
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#routeconditionreason */
function reasons(
  reason: string | undefined,
  what: string,
  route: Route,
  gateway: GatewayObject | undefined,
  parent: ParentRef,
): Pick<Diagnosis, 'cause' | 'says' | 'evidence'> {
  const listeners = gateway?.spec.listeners ?? [];
  switch (reason) {
    case 'NotAllowedByListeners':
      return {
        cause: 'route-not-allowed',
        says: `${what} is attached to nothing: no listener of the Gateway takes a ${route.kind} from namespace ${route.metadata.namespace}`,
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
        says: `the controller does not accept ${what}: ${reason}`,
        evidence: [],
      };
  }
}
