/** Milliseconds between two beats. */
const every = 100;

/** How late this thread's timers came: the time in which it had more to do than the machine let it do. */
export class Lateness {
  #late = 0;
  #due = performance.now() + every;

  /** Beats from now on; keeps no process alive. */
  constructor() {
    setInterval(() => this.#beat(), every).unref();
  }

  /** Milliseconds in all, a beat that is overdue included. */
  get total(): number {
    return this.#late + this.#overdue;
  }

  #beat(): void {
    this.#late += this.#overdue;
    this.#due = performance.now() + every;
  }

  get #overdue(): number {
    return Math.max(0, performance.now() - this.#due);
  }
}
