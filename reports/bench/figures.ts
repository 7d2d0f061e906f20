import { max, median, min } from 'simple-statistics';

/** What a command took once. What is not known of it is absent. */
export interface Taken {
  /** From its start to its end, clean-up included. */
  seconds: number;
  /** Seconds from its start to its first verdict. */
  firstVerdict?: number;
  /** How many cases it judged. */
  cases?: number;
  /** How many of them failed, and are not known to. */
  failed?: number;
  /** Requests to gateways. */
  requests?: number;
  /** Requests to the API server, until the last verdict. */
  apiCalls?: number;
  /** Seconds of processor time, until the last verdict. */
  cpu?: number;
  /** The most memory that it had at a time, in MiB. */
  memory?: number;
}

/** Something that is measured in several rounds. */
export interface Contender {
  name: string;
  /** In the order of the rounds. */
  rounds: Taken[];
  /** Seconds that it is promised to take at most. */
  promised?: number;
}

/** Several values of one figure. */
export interface Spread {
  median: number;
  from: number;
  to: number;
  /** How many there were. */
  count: number;
}

/** @returns undefined where there is no value */
export function spreadOf(values: number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return { median: median(values), from: min(values), to: max(values), count: values.length };
}

/** A figure of each round that has it. */
export const valuesOf = ({ rounds }: Contender, figure: (taken: Taken) => number | undefined): number[] =>
  rounds.map(figure).filter((value) => value !== undefined);

/** What a case takes in the mean of a round: `perCase('requests')`. */
export const perCase =
  (what: 'requests' | 'apiCalls') =>
  ({ cases = 0, [what]: all }: Taken): number | undefined =>
    all === undefined || cases === 0 ? undefined : all / cases;

/**
 * How many times as long one takes as the other, round by round: what slows the machine down for a while slows both.
 * Rounds that only one of them has say nothing.
 */
export function ratiosOf(slow: Contender, fast: Contender): number[] {
  const rounds = Math.min(slow.rounds.length, fast.rounds.length);
  return Array.from(
    { length: rounds },
    (_, at) => (slow.rounds[at]?.seconds ?? 0) / (fast.rounds[at]?.seconds ?? 0),
  );
}
