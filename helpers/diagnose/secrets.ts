import type { Kube } from '../kube/client.ts';
import type { SecretName } from './facts.ts';

interface Table {
  rows: { cells: [name: string, type: string, keys: number, age: string] }[];
}

/**
 * The Secrets of a namespace by name and type. The API server is asked for the table that `kubectl get` prints: the
 * data never leaves it.
 * @throws ApiError when it refuses
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export async function secretNames(kube: Kube, namespace: string): Promise<(SecretName & { keys: number })[]> {
  const { rows } = await kube.send<Table>('GET', `/api/v1/namespaces/${namespace}/secrets`, {
    query: { includeObject: 'None' },
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    asked: `list the names of Secrets in ${namespace}`,
  });
  return rows.map(({ cells: [name, type, keys] }) => ({ namespace, name, type, keys }));
}
