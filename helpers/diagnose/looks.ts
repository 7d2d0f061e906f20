/**
 * Looks at something that changes, each of which costs. All who ask at a time share one; who asks while one is under way
 * gets the next, since that one may have missed what he asks for. After some looks the last one has to do.
 */
export class Looks<T> {
  readonly #look: (number: number) => Promise<T>;
  readonly #most: number;
  #made = 0;
  #now: Promise<T> | undefined;
  #next: Promise<T> | undefined;
  #last: Promise<T> | undefined;

  /** @param look takes the number of the look, from 1 */
  constructor(look: (number: number) => Promise<T>, most: number) {
    this.#look = look;
    this.#most = most;
  }

  take(): Promise<T> {
    if (!this.#now) return this.#begin();
    this.#next ??= this.#now
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<T> {
    if (this.#last && this.#made === this.#most) return this.#last;
    this.#made += 1;
    const look = this.#look(this.#made).finally(() => {
      this.#now = undefined;
    });
    this.#now = look;
    this.#last = look;
    return look;
  }
}
