import type { Kube } from '../kube/client.ts';
import type { KubeObject, Selection } from '../kube/objects.ts';
import { type Wait, WaitTimeout, waitFor } from '../kube/wait.ts';

/** How a wait ended, and how often the objects were looked at until then. */
export type Watched<R> = { looks: number } & ({ met: R } | { late: WaitTimeout });

/**
 * Waits as waitFor does, for what is asserted: that the time is over is an outcome.
 * @throws whatever waitFor throws beside WaitTimeout
 */
export async function watched<T extends KubeObject, R>(
  kube: Kube,
  of: Selection,
  wait: Wait<T, R>,
): Promise<Watched<R>> {
  let looks = 0;
  const check: Wait<T, R>['check'] = (objects) => {
    looks += 1;
    return wait.check(objects);
  };
  try {
    return { met: await waitFor(kube, of, { ...wait, check }), looks };
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    return { late: error, looks };
  }
}
