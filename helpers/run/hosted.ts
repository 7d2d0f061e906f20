import { Problem } from '../../cluster/problem.ts';
import type { Kube } from '../kube/client.ts';
import { describe, type Ref } from '../kube/objects.ts';
import { waitGone } from '../kube/wait.ts';
import { ofRun } from '../labels.ts';
import { namespaceKind } from './remove.ts';
import { ClusterRun } from './run.ts';

/**
 * Lets a suite that is not ours work on the cluster, and takes away what it leaves there. Its namespaces carry the label
 * of a run, so that the next run sweeps them should this process be killed.
 * @param makes namespaces and cluster-scoped objects that it makes, under names of its own
 * @param timeout milliseconds for what is deleted to be gone
 * @param work gets the label (`key=value`) to be put on every namespace
 * @returns what the work gave, when nothing of it is left
 * @throws Problem, before the work, when one of these names is taken; WaitTimeout naming what is left
 */
export async function hosted<T>(
  kube: Kube,
  makes: Ref[],
  timeout: number,
  work: (label: string) => Promise<T>,
): Promise<T> {
  const run = new ClusterRun(kube);
  let begun = false;
  try {
    await run.begin();
    await Promise.all(makes.map((ref) => demandFree(kube, ref, timeout)));
    begun = true;
    return await work(ofRun(run.id));
  } finally {
    const loose = begun ? makes.filter(({ kind }) => kind !== namespaceKind.kind) : [];
    await Promise.all([run.end(timeout), ...loose.map((ref) => kube.delete(ref))]);
    await Promise.all(loose.map((ref) => waitGone(kube, ref, timeout)));
  }
}

/** An object that is on its way out is waited for. */
async function demandFree(kube: Kube, ref: Ref, timeout: number): Promise<void> {
  const there = await kube.get(ref);
  if (there?.metadata.deletionTimestamp !== undefined) await waitGone(kube, ref, timeout);
  else if (there) {
    throw new Problem({
      asked: 'begin a suite that makes objects under fixed names',
      got: `${describe(ref)} is there already`,
      cause: 'the same suite runs on this cluster, or was killed there',
      next: `wait for it, or ${kube.kubectl(`delete ${ref.kind.toLowerCase()} ${ref.name}`)}`,
    });
  }
}
