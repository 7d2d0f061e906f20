import { Problem } from '../../cluster/problem.ts';
import type { Kube } from '../kube/client.ts';
import { describe, type Ref } from '../kube/objects.ts';
import { WaitTimeout, waitGone } from '../kube/wait.ts';
import { ofRun } from '../labels.ts';
import type { Timeouts } from '../timeouts.ts';
import { namespaceKind } from './remove.ts';
import { ClusterRun } from './run.ts';

/**
 * Lets a suite that is not ours work on the cluster, and takes away what it leaves there. Its namespaces carry the label
 * of a run, so that the next run sweeps them should this process be killed.
 * @param makes namespaces and cluster-scoped objects that it makes, under names of its own
 * @param work gets the label (`key=value`) to be put on every namespace
 * @returns what the work gave, when nothing of it is left
 * @throws Problem when one of these names is taken, before the work, or when something is left after it
 */
export async function hosted<T>(
  kube: Kube,
  makes: Ref[],
  timeouts: Timeouts,
  work: (label: string) => Promise<T>,
): Promise<T> {
  const run = new ClusterRun(kube);
  let loose: Ref[] = [];
  try {
    await run.begin();
    await Promise.all(makes.map((ref) => demandFree(kube, ref, timeouts)));
    loose = makes.filter(({ kind }) => kind !== namespaceKind.kind);
    return await work(ofRun(run.id));
  } finally {
    await cleanUp(kube, run, loose, timeouts);
  }
}

/** An object that is on its way out is waited for. */
async function demandFree(kube: Kube, ref: Ref, { turn }: Timeouts): Promise<void> {
  const there = await kube.get(ref);
  if (!there) return;
  const leaving = there.metadata.deletionTimestamp !== undefined;
  if (leaving && (await isGone(kube, ref, turn))) return;
  throw new Problem({
    asked: 'begin a suite that makes objects under fixed names',
    got: `${describe(ref)} is there ${leaving ? 'still, and being deleted' : 'already'}`,
    cause: leaving
      ? 'something in it is not let go, or the cluster is overloaded'
      : 'the same suite runs on this cluster, or was killed there',
    next: leaving
      ? kube.kubectl(`get ${ref.kind.toLowerCase()} ${ref.name} -o yaml`)
      : `wait for it, or ${kube.kubectl(`delete ${ref.kind.toLowerCase()} ${ref.name}`)}`,
  });
}

async function isGone(kube: Kube, ref: Ref, timeout: number): Promise<boolean> {
  try {
    await waitGone(kube, ref, timeout);
    return true;
  } catch (error) {
    if (error instanceof WaitTimeout) return false;
    throw error;
  }
}

async function cleanUp(kube: Kube, run: ClusterRun, loose: Ref[], { gone }: Timeouts): Promise<void> {
  try {
    await Promise.all([run.end(gone), ...loose.map((ref) => kube.delete(ref))]);
    await Promise.all(loose.map((ref) => waitGone(kube, ref, gone)));
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    throw new Problem({
      asked: 'take away what the suite made',
      got: error.message,
      cause: 'something in it is not let go, or the cluster is overloaded',
      next: 'npm test: the next run sweeps what is left',
    });
  }
}
