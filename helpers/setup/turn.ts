import { ApiError } from '../kube/errors.ts';
import type { Kind, KubeObject } from '../kube/objects.ts';
import { met, missing, WaitTimeout, waitFor } from '../kube/wait.ts';
import { RUN_LABEL } from '../labels.ts';
import type { Cluster } from './setup.ts';

const ingressClassKind: Kind = { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass' };
const name = 'ingress-conformance-turn';

/** Another run had the turn for too long, which says nothing about a gateway. */
class TurnTaken extends Error {
  override readonly name = 'TurnTaken';
}

/**
 * Settles when no other run of the suites has Ingresses in the cluster: Istio serves all Ingresses by the same pods, and
 * those of two runs are for the same hosts. The turn is an IngressClass that nobody serves, and ends with the run.
 * @throws TurnTaken naming the run that has the turn; ApiError
 */
export async function takeTurn(
  { kube, run }: Pick<Cluster, 'kube'> & { run: Pick<Cluster['run'], 'id' | 'timeouts'> },
  signal?: AbortSignal,
): Promise<void> {
  const waited = waitFor(
    kube,
    { ...ingressClassKind, name },
    {
      until: 'to be free: runs that make Ingresses take turns',
      timeout: run.timeouts.turn,
      signal,
      check: async ([taken]) => {
        const holder = taken?.metadata.labels?.[RUN_LABEL];
        if (holder === run.id || (!taken && (await take(kube, run.id)))) return met(undefined);
        return missing(`run ${holder ?? 'of another process'} has it`);
      },
    },
  );
  await waited.catch((error: unknown) => {
    throw error instanceof WaitTimeout ? new TurnTaken(error.message) : error;
  });
}

/** @returns whether it was taken, be it by another worker of the same run */
async function take(kube: Cluster['kube'], run: string): Promise<boolean> {
  const metadata = { name, labels: { [RUN_LABEL]: run } };
  try {
    await kube.create({ ...ingressClassKind, metadata, spec: { controller: 'ingress-conformance/turn' } });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 409) throw error;
    const taken = await kube.get<KubeObject>({ ...ingressClassKind, name });
    return taken?.metadata.labels?.[RUN_LABEL] === run;
  }
}
