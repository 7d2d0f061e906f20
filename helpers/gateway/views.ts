import type { Case } from '../case.ts';
import type { IngressObject } from '../edge/types.ts';
import type { Condition, KubeObject, Ref } from '../kube/objects.ts';
import type { Setup } from '../setup/setup.ts';
import { conditionLines, outdatedConditions } from './conditions.ts';
import type { GatewayClassObject, GatewayObject, ParentRef, PolicyObject, RouteObject } from './types.ts';

/** What the status of something says, in the words that cases are written in. */
export interface Reported {
  /**
   * By type: `True Accepted`, `False NotAllowedByListeners`; those of an older generation say so. What is expected may be
   * the status alone, of any reason, or `null`: there is no such condition.
   */
  conditions: Record<string, string | null>;
  /** Types of the conditions that are of an older generation; all are of the present one where it is empty. */
  outdated?: string[];
  attachedRoutes?: number;
  /** Kinds of routes that the listener takes; those that are not of Gateway API with their group before them. */
  supportedKinds?: string[];
  /** A Gateway's with their types: `IPAddress 10.0.0.1`. */
  addresses?: string[];
  /** Names of the listeners that the status speaks of. */
  listeners?: string[];
}

/** Which part of a status is read, for programs that do it with other means. */
export type StatusPart =
  | 'whole'
  | 'load balancer'
  | { listener: string }
  | {
      list: 'parents' | 'ancestors';
      gateway: { name: string; namespace: string };
      /** Of a reference that names none. */
      defaultNamespace: string;
      sectionName?: string | undefined;
    };

/** A part of an object's status that can be watched: a Gateway's, a listener's, a route's at one of its parents. */
export interface StatusView {
  of: Case;
  setup: Setup;
  ref: Ref & { namespace: string };
  /** `listener http of Gateway shop/httpbin-gateway` */
  what: string;
  part: StatusPart;
  /** undefined while the status does not speak of it. */
  read: (object: KubeObject) => Reported | undefined;
}

/** The Gateway's own conditions, its addresses, and the names of its listeners. */
export const readGateway = ({ metadata, status }: GatewayObject): Reported => ({
  ...ofConditions(metadata, status?.conditions),
  addresses: (status?.addresses ?? []).map(({ type = 'IPAddress', value }) => `${type} ${value}`),
  listeners: (status?.listeners ?? []).map(({ name }) => name),
});

/** The addresses at which an Ingress is served. */
export const readIngress = ({ status }: IngressObject): Reported => ({
  conditions: {},
  addresses: (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? ''),
});

/** A GatewayClass's conditions. */
export const readGatewayClass = ({ metadata, status }: GatewayClassObject): Reported =>
  ofConditions(metadata, status?.conditions);

/** A listener's conditions, the number of routes attached to it, and the kinds of routes that it takes. */
export function readListener({ metadata, status }: GatewayObject, listener: string): Reported | undefined {
  const found = status?.listeners?.find(({ name }) => name === listener);
  return (
    found && {
      ...ofConditions(metadata, found.conditions),
      attachedRoutes: found.attachedRoutes,
      supportedKinds: (found.supportedKinds ?? []).map(kindName),
    }
  );
}

/** A route's conditions at the parent that is this Gateway (and this listener of it, if one is named). */
export function readParent(
  { metadata, status }: RouteObject,
  gateway: Ref & { namespace: string },
  sectionName?: string,
): Reported | undefined {
  const found = status?.parents?.find(
    ({ parentRef }) =>
      isRefTo(gateway, parentRef, metadata.namespace) &&
      (sectionName === undefined || parentRef.sectionName === sectionName),
  );
  return found && ofConditions(metadata, found.conditions);
}

/**
 * A policy's conditions for the Gateway through which it takes effect. An ancestor without a namespace is taken for a
 * Gateway of any, as Gateway API's own suite does.
 */
export function readAncestor(
  { metadata, status }: PolicyObject,
  gateway: Ref & { namespace: string },
): Reported | undefined {
  const found = status?.ancestors?.find(({ ancestorRef }) =>
    isRefTo(gateway, ancestorRef, gateway.namespace),
  );
  return found && ofConditions(metadata, found.conditions);
}

const isRefTo = (
  gateway: Ref & { namespace: string },
  { name, namespace }: ParentRef,
  own: string | undefined,
): boolean => name === gateway.name && (namespace ?? own) === gateway.namespace;

const ofConditions = (
  { generation = 0 }: KubeObject['metadata'],
  conditions: Condition[] | undefined,
): Pick<Reported, 'conditions' | 'outdated'> => ({
  conditions: conditionLines(conditions, generation),
  outdated: outdatedConditions(conditions, generation),
});

const kindName = ({ group, kind }: { group?: string; kind: string }): string =>
  group === undefined || group === 'gateway.networking.k8s.io' ? kind : `${group}/${kind}`;
