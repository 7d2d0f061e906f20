/** When a server was away, as those who asked it found. */
export class Outages {
  readonly #past: { from: number; to: number }[] = [];
  #from: number | undefined;

  /** A request that was sent then found it away. */
  away(then: number): void {
    this.#from ??= then;
  }

  /** It has answered. */
  back(): void {
    if (this.#from === undefined) return;
    this.#past.push({ from: this.#from, to: performance.now() });
    this.#from = undefined;
  }

  /** Milliseconds since then in which it was away; all times are as performance.now() has them. */
  since(then: number): number {
    const now = performance.now();
    const all = this.#from === undefined ? this.#past : [...this.#past, { from: this.#from, to: now }];
    return all.reduce((sum, { from, to }) => sum + Math.max(0, to - Math.max(from, then)), 0);
  }
}
