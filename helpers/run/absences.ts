import { setTimeout as pause } from 'node:timers/promises';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { isReady, type Pod, podKind } from '../pods/types.ts';

/** When somebody was away; without an end while it still is. Milliseconds of a clock that nobody sets. */
interface Absence {
  who: string;
  from: number;
  to?: number;
}

const lookEvery = 2_000;
/** What works through those who were away is itself again some time after they are. */
const recovery = 30_000;

/**
 * Looks all the time whether those are there whom every gateway stands on: the API server and, where its pods are known,
 * the controller. What fails while one is away, or just after, says nothing about a gateway, whether or not the case
 * noticed.
 */
export class Absences {
  readonly #kube: Kube;
  readonly #controller: { name: string; labels: string } | undefined;
  readonly #absences: Absence[] = [];
  readonly #over = new AbortController();
  /** Restarts of each container of the controller's pods when one of them was last ready, by pod. */
  #restarts: Map<string, number> | undefined;
  #lookedAt = performance.now();

  /**
   * @param kube without patience: a request of its own tells that the server is away
   * @param controller its name, and the labels of its pods
   */
  constructor(kube: Kube, controller?: { name: string; labels: string }) {
    this.#kube = kube;
    this.#controller = controller;
    void this.#watch();
  }

  /** Ends the looking. */
  close(): void {
    this.#over.abort();
  }

  /**
   * Why a case that failed was not judged.
   * @param begun when it began, by performance.now(); it ends now
   * @returns undefined when all were there all the time
   */
  excuse(begun: number): string | undefined {
    const absence = this.#absences.find(({ to = Number.POSITIVE_INFINITY }) => to + recovery >= begun);
    if (!absence) return undefined;
    const { who, from, to } = absence;
    return `${who}, from ${timeOf(from)} ${to === undefined ? 'on' : `to ${timeOf(to)}`}`;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await pause(lookEvery, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      const now = performance.now();
      this.#note('the API server did not answer', await this.#serverIsAway(), now);
      if (this.#controller)
        this.#note(
          `${this.#controller.name} was not ready`,
          await this.#controllerIsAway(this.#controller),
          now,
        );
      this.#lookedAt = now;
    }
  }

  #note(who: string, away: boolean | undefined, from: number): void {
    if (away === undefined) return;
    const open = this.#absences.find((each) => each.who === who && each.to === undefined);
    if (away && !open) this.#absences.push({ who, from });
    if (!away && open) open.to = performance.now();
  }

  async #serverIsAway(): Promise<boolean> {
    try {
      await this.#kube.send('GET', '/readyz', { as: 'text', asked: 'ask whether it is there' });
      return false;
    } catch (error) {
      // one that refuses the question is there
      return error instanceof ApiError && error.away;
    }
  }

  /** @returns undefined where nobody can tell. One that has crashed is not away: that is a fault of its own. */
  async #controllerIsAway({ name, labels }: { name: string; labels: string }): Promise<boolean | undefined> {
    let pods: Pod[];
    try {
      pods = (await this.#kube.list<Pod>({ ...podKind, labels })).items;
    } catch {
      return undefined;
    }
    const ready = restartsOf(pods.filter(isReady));
    const before = this.#restarts;
    if (ready.size > 0) {
      const replaced = before !== undefined && ![...before.keys()].some((uid) => ready.has(uid));
      // it came and went between two looks
      if (replaced) this.#note(`${name} was not ready`, true, this.#lookedAt);
      this.#restarts = ready;
      return false;
    }
    const now = restartsOf(pods);
    const crashed = [...(before ?? [])].some(([uid, restarts]) => (now.get(uid) ?? 0) > restarts);
    return before === undefined || crashed ? undefined : true;
  }
}

const restartsOf = (pods: Pod[]): Map<string, number> =>
  new Map(
    pods.map(({ metadata, status }) => [
      metadata.uid ?? '',
      (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    ]),
  );

/** `21:04:05` */
const timeOf = (then: number): string =>
  new Date(Date.now() - (performance.now() - then)).toISOString().slice(11, 19);
