import { Kube } from '../helpers/kube/client.ts';
import { livingRuns } from '../helpers/run/sweep.ts';
import { connection, hasKubeconfig } from './kind/kind.ts';

/** Milliseconds that the cluster has to say whether runs are on it. */
const requestWithin = 3_000;

/**
 * Who has runs on the managed cluster, in words; none where there is no such cluster.
 * @throws ApiError where it does not say
 */
export async function runsOnManaged(): Promise<string[]> {
  if (!(await hasKubeconfig())) return [];
  const kube = new Kube(connection, requestWithin);
  try {
    const runs = await livingRuns(kube, new Date());
    return runs.map(({ spec }) => `${spec.holderIdentity}, since ${spec.acquireTime}`);
  } finally {
    await kube.close();
  }
}
