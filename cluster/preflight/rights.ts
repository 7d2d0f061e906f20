import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { ApiError } from '../../helpers/kube/errors.ts';
import { Problem } from '../problem.ts';
import { apiProblem } from './api.ts';
import type { Cluster } from './connect.ts';
import { kubectlOptions, shellWord } from './connection.ts';

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
  const asked = 'check the rights that a run needs';
  try {
    // One question instead of some fifty for the usual case, an administrator.
    const [user, everything] = await Promise.all([whoAmI(cluster), isAdministrator(cluster)]);
    if (everything) return [];
    const [needed = [], ...optional] = await Promise.all(roles().map((role) => missingOf(cluster, role)));
    if (needed.length > 0) throw lacking(asked, cluster, user, needed);
    return optional
      .filter(({ length }) => length > 0)
      .map((rights) => `${user} may not ${phrase(rights)}: failures will be explained with less evidence`);
  } catch (error) {
    if (error instanceof ApiError && error.code === 403) {
      throw new Problem({
        asked,
        got: error.said,
        cause:
          'the server does not recognise the credentials of this context and treats its user as anonymous',
        next: `kubectl auth whoami ${kubectlOptions(cluster.connection)}`,
      });
    }
    throw apiProblem(error, asked, cluster);
  }
}

/** Whether the user may do anything, as installing Istio needs. @throws ApiError */
export function isAdministrator(cluster: Cluster): Promise<boolean> {
  return may(cluster, { verb: '*', group: '*', resource: '*' });
}

async function whoAmI({ kube }: Cluster): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const { status } = await kube.send<{ status: { userInfo: { username: string } } }>('POST', path, { body });
  return status.userInfo.username;
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

async function may({ kube }: Cluster, right: Right): Promise<boolean> {
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: right },
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  return (await kube.send<{ status: { allowed: boolean } }>('POST', path, { body })).status.allowed;
}

function roles(): ClusterRole[] {
  const file = new URL('rights.yaml', import.meta.url);
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
}

/** `create, delete namespaces; create gateways.gateway.networking.k8s.io` */
function phrase(rights: Right[]): string {
  const verbs = new Map<string, string[]>();
  for (const { verb, group, resource, subresource } of rights) {
    const name = [[resource, subresource].filter(Boolean).join('/'), group].filter(Boolean).join('.');
    verbs.set(name, [...(verbs.get(name) ?? []), verb]);
  }
  return [...verbs].map(([name, list]) => `${list.join(', ')} ${name}`).join('; ');
}

function lacking(asked: string, { connection }: Cluster, user: string, rights: Right[]): Problem {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):(.+)$/.exec(user) ?? [];
  const subject = name ? `--serviceaccount=${namespace}:${name}` : `--user=${shellWord(user)}`;
  return new Problem({
    asked: `${asked} in context "${connection.context}"`,
    got: `${user} may not ${phrase(rights)}`,
    cause:
      'no ClusterRole that grants it is bound to this user for the whole cluster; a run makes its own namespaces, so a right in one namespace is not enough',
    next:
      'as an administrator: kubectl apply -f cluster/preflight/rights.yaml && ' +
      `kubectl create clusterrolebinding ingress-conformance --clusterrole=ingress-conformance ${subject}`,
  });
}
