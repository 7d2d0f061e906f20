import type { CaseResult, Run } from '../run.ts';

/** How a case did in the last runs that judged it. */
export interface Health {
  /** Pass rate × (1 − flip rate): 1 when it always passed, 0 when it never did, or changed its verdict every time. */
  value: number;
  runs: number;
  failed: number;
  /** How often the verdict was another one than in the run before. */
  flips: number;
}

/**
 * @param verdicts of one case, the oldest run first
 * @param runs how many count, the newest ones that judged the case; the others count for nothing
 * @returns undefined when none did
 */
export function healthOf(verdicts: (CaseResult['verdict'] | undefined)[], runs: number): Health | undefined {
  const judged = verdicts.filter((verdict) => verdict === 'passed' || verdict === 'failed').slice(-runs);
  if (judged.length === 0) return undefined;
  const failed = judged.filter((verdict) => verdict === 'failed').length;
  const flips = judged.filter((verdict, at) => at > 0 && verdict !== judged[at - 1]).length;
  const flipRate = judged.length === 1 ? 0 : flips / (judged.length - 1);
  return { value: (1 - failed / judged.length) * (1 - flipRate), runs: judged.length, failed, flips };
}

/** Looks up what became of a case in several runs, in their order. */
export class PastResults {
  readonly #runs: Map<string, CaseResult>[];

  constructor(runs: Pick<Run, 'cases'>[]) {
    this.#runs = runs.map(({ cases }) => new Map(cases.map((one) => [one.id, one])));
  }

  /** A result for each run; undefined where the run does not have the case. */
  of(id: string): (CaseResult | undefined)[] {
    return this.#runs.map((cases) => cases.get(id));
  }
}
