import { median, medianAbsoluteDeviation } from 'simple-statistics';

/** Makes the median absolute deviation of normally distributed values an estimate of their standard deviation. */
const madToDeviation = 1.4826;

/** When a time is beyond what the history explains. */
export interface SlowerRule {
  /** This many standard deviations above the median, the deviation being estimated from the MAD. */
  deviations: number;
  /** And above the median by this much at least. Milliseconds. */
  floorMs: number;
  /** Fewer earlier times than this explain nothing: nothing is called slower. */
  runs: number;
}

/** A time that the history does not explain. Milliseconds. */
export interface Slower {
  /** `durationMs`, or the name of a milestone. */
  what: string;
  took: number;
  median: number;
  /** What it might have taken. */
  limit: number;
  /** Number of earlier runs that this rests on. */
  runs: number;
}

/**
 * The time up to which the earlier ones explain a new one: median + max(deviations · 1.4826 · MAD, floor). Neither is
 * moved by a few odd runs, as mean and standard deviation are.
 * @param earlier milliseconds, in any order
 * @returns undefined when they are too few
 */
export function limitOf(
  earlier: number[],
  { deviations, floorMs, runs }: SlowerRule,
): Pick<Slower, 'median' | 'limit' | 'runs'> | undefined {
  if (earlier.length < Math.max(runs, 1)) return undefined;
  const middle = median(earlier);
  const spread = madToDeviation * medianAbsoluteDeviation(earlier);
  return {
    median: middle,
    limit: middle + Math.max(deviations * spread, floorMs),
    runs: earlier.length,
  };
}
