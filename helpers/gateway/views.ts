import type { Case } from '../case.ts';
import type { IngressObject } from '../edge/types.ts';
import type { KubeObject, Ref } from '../kube/objects.ts';
import type { Setup } from '../setup/setup.ts';
import { conditionLines } from './conditions.ts';
import type { GatewayObject, ParentRef, RouteObject } from './types.ts';

/** What the status of something says, in the words that cases are written in. */
export interface Reported {
  /** By type: `True Accepted`, `False NotAllowedByListeners`; those of an older generation say so. */
  conditions: Record<string, string>;
  attachedRoutes?: number;
  addresses?: string[];
}

/** A part of an object's status that can be watched: a Gateway's, a listener's, a route's at one of its parents. */
export interface StatusView {
  of: Case;
  setup: Setup;
  ref: Ref & { namespace: string };
  /** `listener http of Gateway shop/httpbin-gateway` */
  what: string;
  /** undefined while the status does not speak of it. */
  read: (object: KubeObject) => Reported | undefined;
}

/** The Gateway's own conditions. */
export const readGateway = ({ metadata, status }: GatewayObject): Reported => ({
  conditions: conditionLines(status?.conditions, metadata.generation ?? 0),
});

/** The addresses at which an Ingress is served. */
export const readIngress = ({ status }: IngressObject): Reported => ({
  conditions: {},
  addresses: (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? ''),
});

/** A listener's conditions and the number of routes attached to it. */
export function readListener({ metadata, status }: GatewayObject, listener: string): Reported | undefined {
  const found = status?.listeners?.find(({ name }) => name === listener);
  return (
    found && {
      conditions: conditionLines(found.conditions, metadata.generation ?? 0),
      attachedRoutes: found.attachedRoutes,
    }
  );
}

/** A route's conditions at the parent that is this Gateway (and this listener of it, if one is named). */
export function readParent(
  { metadata, status }: RouteObject,
  gateway: Ref & { namespace: string },
  sectionName?: string,
): Reported | undefined {
  const isParent = ({ parentRef }: { parentRef: ParentRef }): boolean =>
    parentRef.name === gateway.name &&
    (parentRef.namespace ?? metadata.namespace) === gateway.namespace &&
    (sectionName === undefined || parentRef.sectionName === sectionName);
  const found = status?.parents?.find(isParent);
  return found && { conditions: conditionLines(found.conditions, metadata.generation ?? 0) };
}
