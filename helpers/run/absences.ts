import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';

/** When the API server was away; without an end while it still is. Milliseconds since the epoch. */
interface Absence {
  from: number;
  to?: number;
}

const askEvery = 2_000;
/** What works through the API server is itself again some time after that is. */
const recovery = 30_000;

/**
 * Asks the API server all the time whether it is there: what fails while it is not, or just after, says nothing about a
 * gateway, whether or not the case asked the server itself.
 */
export class Absences {
  readonly #past: Absence[] = [];
  readonly #timer: NodeJS.Timeout;

  /** @param kube without patience: a request of its own tells that the server is away */
  constructor(kube: Kube) {
    let asking = false;
    this.#timer = setInterval(async () => {
      if (asking) return;
      asking = true;
      await this.#ask(kube);
      asking = false;
    }, askEvery).unref();
  }

  /** Ends the questions. */
  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * Why a case that failed was not judged.
   * @param begun when it began, in milliseconds since the epoch; it ends now
   * @returns undefined when the API server was there all the time
   */
  excuse(begun: number): string | undefined {
    const absence = this.#past.find(({ to = Number.POSITIVE_INFINITY }) => to + recovery >= begun);
    if (!absence) return undefined;
    const until = absence.to === undefined ? 'on' : `to ${timeOf(absence.to)}`;
    return `the API server did not answer, from ${timeOf(absence.from)} ${until}`;
  }

  async #ask(kube: Kube): Promise<void> {
    const asked = Date.now();
    const last = this.#past.at(-1);
    const open = last && last.to === undefined ? last : undefined;
    try {
      await kube.send('GET', '/readyz', { as: 'text', asked: 'ask whether it is there' });
      if (open) open.to = Date.now();
    } catch (error) {
      // one that refuses the question is there
      const away = error instanceof ApiError && error.away;
      if (away && !open) this.#past.push({ from: asked });
      if (!away && open) open.to = Date.now();
    }
  }
}

/** `21:04:05` */
const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
