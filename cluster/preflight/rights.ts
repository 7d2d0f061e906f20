import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { ReachChoice } from '../../helpers/reach/way.ts';
import { Problem } from '../problem.ts';
import { apiProblem } from './api.ts';
import type { Cluster } from './connect.ts';
import { grantCommand } from './grant.ts';

/** What may be done with a resource. */
export interface Right {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
}

export interface ClusterRole {
  metadata: { name: string };
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
}

/** Ways that lead over the API server's port-forward. */
const forwarded: ReachChoice[] = ['in-cluster', 'port-forward'];

/**
 * Asks the API server (SelfSubjectAccessReview, for all namespaces) whether the user may do what a run does.
 *
 * @param reach how the gateways are to be asked
 * @returns one sentence for each ClusterRole of docs/rbac.yaml that a run can do without and that is not granted
 * @throws Problem naming every verb and resource of `ingress-conformance` that the user lacks, and of
 *   `ingress-conformance-forward` where the way needs it
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
export async function checkRights(cluster: Cluster, reach: ReachChoice): Promise<string[]> {
  // One question instead of some fifty for the usual case, an administrator.
  if (await isAdministrator(cluster)) return [];
  const { connection, user } = cluster;
  const [always, evidence, forward] = rolesOfARun();
  const asked = async (roles: (ClusterRole | undefined)[]) => {
    const lacking = roles
      .filter((role) => role !== undefined)
      .map(async (role) => ({ role: role.metadata.name, missing: await missingOf(cluster, role) }));
    return (await Promise.all(lacking)).filter(({ missing }) => missing.length > 0);
  };
  const [needed, optional] = await Promise.all([
    asked([always, forwarded.includes(reach) ? forward : undefined]),
    asked([evidence]),
  ]);
  const [first] = needed;
  if (first) {
    throw new Problem({
      asked: `check the rights that a run needs in context "${connection.context}"`,
      got: `${user} may not ${phrase(needed.flatMap(({ missing }) => missing))}`,
      cause:
        'no ClusterRole that grants it is bound to this user for the whole cluster; a run makes its own namespaces, so a right in one namespace is not enough',
      next: needed.map(({ role }) => grantCommand(user, role)).join('; '),
    });
  }
  return optional.map(
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

/** The ClusterRoles of docs/rbac.yaml: what a run needs, what explains failures, what leads over the API server. */
export function rolesOfARun(): ClusterRole[] {
  const file = new URL('../../docs/rbac.yaml', import.meta.url);
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
