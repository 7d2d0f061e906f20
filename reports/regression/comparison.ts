import type { CaseResult, Run, RunError, Sums, Verdict } from '../run.ts';
import type { Health } from './health.ts';
import type { KnownCase } from './known-failures.ts';
import type { FailOn } from './policy.ts';
import type { Slower } from './spread.ts';
import type { VersionPair } from './targets.ts';

/**
 * What became of a case, in the order in which a report tells it.
 * - `newly-failing`: it fails, and did not.
 * - `still-failing`: it failed in both.
 * - `flaky`: it changed its verdict at least twice on the very same target.
 * - `slower`: it passed in both, and took longer than the history explains.
 * - `newly-skipped`: it was judged, and is skipped.
 * - `no-longer-run`: it was judged or skipped, and has no verdict any more.
 * - `known-failing`: it fails as the list of known failures says.
 * - `fixed`: it failed, and passes.
 * - `new`: it has its first verdict.
 * - `not-comparable`: the two runs are not about the same there.
 * - `unchanged`: the same verdict, in no more time than the history explains.
 */
export const kinds = [
  'newly-failing',
  'still-failing',
  'flaky',
  'slower',
  'newly-skipped',
  'no-longer-run',
  'known-failing',
  'fixed',
  'new',
  'not-comparable',
  'unchanged',
] as const;
export type Kind = (typeof kinds)[number];

/** A case of the old run, of the new one, or of both. */
export interface ComparedCase {
  id: string;
  title: string;
  /** Suite file, from the project's root. */
  file: string;
  kind: Kind;
  /** Verdict in the old run; absent where it did not have the case. */
  old?: Verdict;
  /** Verdict in the new run; absent where it does not have the case. */
  now?: Verdict;
  /** Why it is of this kind, where the verdicts do not tell. */
  because?: string;
  /** What failed in the new run. */
  failure?: Required<Pick<CaseResult, 'expected' | 'got' | 'cause'>>;
  slower?: Slower;
  /** Over the last runs of the new run's implementation on its cluster; absent where none judged it. */
  health?: Health;
  known?: NonNullable<CaseResult['known']>;
}

/** What a comparison says of each of the two runs. */
export interface RunHead {
  id: string;
  startedAt: string;
  interrupted?: NonNullable<Run['interrupted']>;
  sums: Sums;
  errors: RunError[];
}

/** Two runs, compared case by case. The sums of the kinds are the number of cases. */
export interface Comparison {
  /** Version of this format. */
  format: 1;
  old: RunHead;
  new: RunHead;
  versions: VersionPair[];
  /** In what the two runs differ beside versions: what is not compared, or not to be taken for a regression. */
  differences: string[];
  /** What times were compared with. */
  times: {
    /** Number of earlier runs. */
    runs: number;
    /** Why nothing can be called slower. */
    because?: string;
    /** How many times as long as usual the cases of the new run took: the median over them. */
    pace?: number;
  };
  sums: Record<Kind, number>;
  /** How many cases passed or failed in both runs. */
  judgedInBoth: number;
  /** Sorted by id. */
  cases: ComparedCase[];
  /** Entries of the list of known failures that need a hand. */
  known: { passing: KnownCase[]; expired: KnownCase[] };
  outcome: { failOn: FailOn; passed: boolean; because: string[] };
}
