import { ApiError } from '../../helpers/kube/errors.ts';
import { Problem } from '../problem.ts';
import type { Cluster } from './connect.ts';
import { kubectlOptions } from './connection.ts';
import { grantCommand } from './grant.ts';
import { networkFailure } from './network.ts';

/** The user may not read what a check looks at; a check that can do without says so and goes on. */
export class Forbidden extends Problem {}

/**
 * Reads a path of the API for a check.
 *
 * @param what names it for messages, in the plural where it is a list: `the nodes`
 * @returns the parsed answer, undefined when there is no such object or the cluster does not know the kind
 * @throws Forbidden when the user may not read it; Problem when the server fails
 */
export async function read<T>(cluster: Cluster, what: string, path: string): Promise<T | undefined> {
  try {
    return await cluster.kube.send<T>('GET', path);
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw apiProblem(error, `read ${what}`, cluster);
  }
}

/** Makes a Problem of a request that the API refused or did not answer; other errors pass unchanged. */
export function apiProblem(error: unknown, asked: string, { connection, user }: Cluster): unknown {
  if (!(error instanceof ApiError)) return error;
  const got = error.said || error.message;
  if (error.code === 403) {
    return new Forbidden({
      asked,
      got,
      cause: 'the user of this context lacks that right',
      next: grantCommand(user, 'ingress-conformance-evidence'),
    });
  }
  const network = networkFailure(error);
  return new Problem({
    asked,
    got: network?.got ?? got,
    cause: network?.cause ?? 'the API server answered before and fails now: it is overloaded, or restarts',
    next: `kubectl get --raw /readyz?verbose ${kubectlOptions(connection)}`,
  });
}
