import type { Kube } from '../kube/client.ts';
import { newRunId } from './id.ts';
import { type HeldLease, holdLease } from './lease.ts';
import { askToRemoveRun, removeRun } from './remove.ts';
import { type Leftovers, sweep } from './sweep.ts';

/** A run's life on the cluster, from its lease to its clean-up. */
export class ClusterRun {
  readonly id: string;
  readonly #kube: Kube;
  #lease: HeldLease | undefined;
  #swept: Leftovers[] = [];

  constructor(kube: Kube) {
    this.id = newRunId();
    this.#kube = kube;
  }

  /**
   * Takes the lease and has what dead runs left behind swept away. Settles when the server has taken the
   * deletions on; `end` waits for them.
   * @returns what was swept, by run
   * @throws ApiError when the server refuses; `end` cleans up what was made till then
   */
  async begin(): Promise<Leftovers[]> {
    this.#lease = await holdLease(this.#kube, this.id);
    this.#swept = await sweep(this.#kube, this.#lease.serverTime);
    return this.#swept;
  }

  /** Has the deletion of what the run made begin, which `end` waits for. @throws ApiError when the server refuses */
  async leave(): Promise<void> {
    await askToRemoveRun(this.#kube, this.id);
  }

  /**
   * Deletes what the run made, and settles when that and what was swept at its beginning is gone.
   * @param timeout milliseconds
   * @throws WaitTimeout naming what is left; ApiError when the server refuses
   */
  async end(timeout: number): Promise<void> {
    this.#lease?.release();
    const ids = [this.id, ...this.#swept.map(({ id }) => id)];
    await Promise.all(ids.map((id) => removeRun(this.#kube, id, timeout)));
  }
}
