/** What the outcomes say so far of the shares they were to come in. */
export type Verdict = 'as expected' | 'otherwise' | 'open';

/**
 * How sure a verdict is, and of what. Shares are probabilities: 0.1 is ten percentage points.
 *
 * Every outcome is taken to be drawn on its own, as a gateway does that picks a backend at random for each request;
 * one that takes turns keeps closer to its shares than that, and is judged as expected all the sooner.
 */
export const assurance = {
  /** The most that a share may be off by the precision of an implementation's weights, and be as expected. */
  precision: 0.01,
  /** What a share has to be off by to be otherwise; in between, either verdict may come. */
  tolerance: 0.1,
  /** Probability at most that shares within the precision are judged otherwise. */
  falseAlarm: 1e-6,
  /** Probability at most that shares off by the tolerance or more are judged as expected. */
  miss: 1e-2,
} as const;

/**
 * Judges in which shares outcomes come, by Wald's sequential probability ratio test for each share, upwards and
 * downwards. It may be asked after any number of outcomes, as often as one likes, and the probabilities of `assurance`
 * still hold for the first verdict that is not open, whenever it comes: the likelihood ratios are martingales, and
 * Ville's inequality bounds how far they ever get. A share of nothing is exact: a single outcome there is otherwise. One
 * that is smaller than the tolerance has to come at all.
 * @param expected the shares, which add up to 1
 * @param counts how many outcomes came of each, in the same order
 * @see https://en.wikipedia.org/wiki/Sequential_probability_ratio_test
 */
export function judgeShares(expected: number[], counts: number[]): Verdict {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const { falseAlarm, miss } = assurance;
  const alarm = Math.log((2 * expected.length) / falseAlarm);
  const evidence = expected.flatMap((share, at) => evidenceAgainst(share, counts[at] ?? 0, all));
  if (evidence.some((ratio) => ratio >= alarm)) return 'otherwise';
  return evidence.every((ratio) => ratio <= Math.log(miss)) ? 'as expected' : 'open';
}

/** Logarithms of how much likelier the counts are with a share that is off, than with one that just is not. */
function evidenceAgainst(share: number, count: number, all: number): number[] {
  const { precision, tolerance } = assurance;
  const exact = share === 0 || share === 1;
  return [1, -1]
    .map((sign) => ({
      off: probability(share + sign * tolerance),
      within: exact ? share : probability(share + sign * precision),
    }))
    .filter(({ off, within }) => off !== within)
    .map(
      ({ off, within }) =>
        times(count, Math.log(off / within)) + times(all - count, Math.log((1 - off) / (1 - within))),
    );
}

const probability = (number: number): number => Math.min(1, Math.max(0, number));

/** What never came weighs nothing, not even where it is impossible. */
const times = (count: number, weight: number): number => (count === 0 ? 0 : count * weight);
