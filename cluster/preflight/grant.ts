import { shellWord } from './connection.ts';

/** The commands by which an administrator gives a user one of the ClusterRoles of docs/rbac.yaml. */
export function grantCommand(user: string, role: string): string {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):(.+)$/.exec(user) ?? [];
  const subject = name ? `--serviceaccount=${namespace}:${name}` : `--user=${shellWord(user)}`;
  return (
    'as an administrator: kubectl apply -f docs/rbac.yaml && ' +
    `kubectl create clusterrolebinding ${role} --clusterrole=${role} ${subject}`
  );
}
