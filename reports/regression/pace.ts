import { median } from 'simple-statistics';
import type { CaseResult } from '../run.ts';

/** How many times as long as usual the cases of a run took: a busy machine makes all of them slow at once. */
export class Paces {
  readonly #ratios: { file: string; ratio: number }[];
  readonly #known = new Map<string | undefined, number | undefined>();

  /** @param earlier results of a case, by its id */
  constructor(cases: CaseResult[], earlier: (id: string) => CaseResult[]) {
    this.#ratios = cases
      .filter(({ verdict }) => verdict === 'passed')
      .flatMap(({ id, file, durationMs }) => {
        const times = earlier(id).map((one) => one.durationMs);
        const usual = times.length === 0 ? 0 : median(times);
        return usual === 0 ? [] : [{ file, ratio: durationMs / usual }];
      });
  }

  /**
   * The median over all cases but those of a file, which share a setup: were it slow, all of them would be.
   * @returns undefined where there are no others
   */
  besides(file: string | undefined): number | undefined {
    if (!this.#known.has(file)) {
      const others = this.#ratios.filter((one) => one.file !== file).map(({ ratio }) => ratio);
      this.#known.set(file, others.length === 0 ? undefined : median(others));
    }
    return this.#known.get(file);
  }
}
