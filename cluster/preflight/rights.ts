import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { Problem } from '../problem.ts';
import { apiProblem } from './api.ts';
import type { Cluster } from './connect.ts';
import { grantCommand } from './grant.ts';

interface Right {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
}

interface ClusterRole {
  metadata: { name: string };
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
}

/**
 * Asks the API server (SelfSubjectAccessReview, for all namespaces) whether the user may do what a run does.
 *
 * @returns one sentence for each ClusterRole of rights.yaml that a run can do without and that is not granted
 * @throws Problem naming every verb and resource of `ingress-conformance` that the user lacks
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
export async function checkRights(cluster: Cluster): Promise<string[]> {
  // One question instead of some fifty for the usual case, an administrator.
  if (await isAdministrator(cluster)) return [];
  const { connection, user } = cluster;
  const [needed, ...optional] = await Promise.all(
    rolesOfARun().map(async (role) => ({
      role: role.metadata.name,
      missing: await missingOf(cluster, role),
    })),
  );
  if (needed && needed.missing.length > 0) {
    throw new Problem({
      asked: `check the rights that a run needs in context "${connection.context}"`,
      got: `${user} may not ${phrase(needed.missing)}`,
      cause:
        'no ClusterRole that grants it is bound to this user for the whole cluster; a run makes its own namespaces, so a right in one namespace is not enough',
      next: grantCommand(user, needed.role),
    });
  }
  return optional
    .filter(({ missing }) => missing.length > 0)
    .map(
      ({ role, missing }) =>
        `${user} may not ${phrase(missing)}: failures will be explained with less evidence (to mend it, ${grantCommand(user, role)})`,
    );
}

/** Whether the user may do anything, as installing Istio needs. @throws Problem when the server fails */
export function isAdministrator(cluster: Cluster): Promise<boolean> {
  return may(cluster, { verb: '*', group: '*', resource: '*' });
}

async function missingOf(cluster: Cluster, { rules }: ClusterRole): Promise<Right[]> {
  const rights = rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((name) => verbs.map((verb) => rightOf(verb, group, name))),
    ),
  );
  const granted = await Promise.all(rights.map((right) => may(cluster, right)));
  return rights.filter((_, index) => !granted[index]);
}

/** RBAC writes a subresource behind its resource (`pods/log`); access reviews want it apart. */
function rightOf(verb: string, group: string, name: string): Right {
  const [resource = '', subresource] = name.split('/');
  return { verb, group, resource, ...(subresource && { subresource }) };
}

async function may(cluster: Cluster, right: Right): Promise<boolean> {
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: right },
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  try {
    return (await cluster.kube.send<{ status: { allowed: boolean } }>('POST', path, { body })).status.allowed;
  } catch (error) {
    throw apiProblem(error, 'ask which rights the user has', cluster);
  }
}

function rolesOfARun(): ClusterRole[] {
  const file = new URL('rights.yaml', import.meta.url);
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
}

/** `create, delete namespaces, gateways.gateway.networking.k8s.io; get pods/log` */
function phrase(rights: Right[]): string {
  const verbsOf = new Map<string, string[]>();
  for (const { verb, group, resource, subresource } of rights) {
    const name = [[resource, subresource].filter(Boolean).join('/'), group].filter(Boolean).join('.');
    verbsOf.set(name, [...(verbsOf.get(name) ?? []), verb]);
  }
  const byVerbs = Map.groupBy(verbsOf.keys(), (name) => verbsOf.get(name)?.join(', '));
  return [...byVerbs].map(([verbs, names]) => `${verbs} ${names.join(', ')}`).join('; ');
}
