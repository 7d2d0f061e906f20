import type { ClusterRole, Right } from '../preflight/rights.ts';

/** The fields of an audit event that tell what was asked for. https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ */
export interface AuditEvent {
  verb: string;
  userAgent?: string;
  objectRef?: { resource: string; apiGroup?: string; subresource?: string };
  responseStatus?: { code?: number; reason?: string };
}

/** `watch gateways/status.gateway.networking.k8s.io` */
const nameOfRight = ({ verb, group, resource, subresource }: Right): string =>
  `${verb} ${[resource, subresource].filter(Boolean).join('/')}${group ? `.${group}` : ''}`;

/** What the events asked for, by name: the rights that were used, and those that were refused. */
export function rightsOf(events: AuditEvent[]): { used: Set<string>; refused: Set<string> } {
  const rights = { used: new Set<string>(), refused: new Set<string>() };
  for (const { verb, objectRef, responseStatus, userAgent = '' } of events) {
    // what is no resource (discovery, /readyz) is open to everybody; istioctl says itself what it was not allowed to read
    if (!objectRef || userAgent.startsWith('istioctl')) continue;
    const { apiGroup: group = '', resource, subresource } = objectRef;
    const name = nameOfRight({ verb, group, resource, ...(subresource && { subresource }) });
    rights[responseStatus?.code === 403 ? 'refused' : 'used'].add(name);
  }
  return rights;
}

/** The rights that a ClusterRole grants, by name. */
export const rightsIn = ({ rules }: ClusterRole): string[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((named) => {
        const [resource = '', subresource] = named.split('/');
        return verbs.map((verb) =>
          nameOfRight({ verb, group, resource, ...(subresource && { subresource }) }),
        );
      }),
    ),
  );

/**
 * With what is needed although no request tells: applying an object that is not there creates it, and who makes a Role
 * has to have what it grants.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export const withoutRequest = (used: Set<string>, roles: ClusterRole[]): Set<string> =>
  new Set([
    ...used,
    ...[...used].filter((name) => name.startsWith('patch ')).map((name) => name.replace('patch', 'create')),
    ...roles.flatMap(rightsIn),
  ]);
