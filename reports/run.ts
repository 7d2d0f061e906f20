import type { Target } from '../cluster/target.ts';
import type { Reach } from '../helpers/reach/way.ts';

/**
 * - `passed`, `failed`: the case ran to its end.
 * - `skipped`: the case decided at run time that it does not apply to this target, and said why.
 * - `not-run`: the case was selected and never judged: its file did not load, its set-up failed for the whole file,
 *   or the run was interrupted.
 */
export type Verdict = 'passed' | 'failed' | 'skipped' | 'not-run';

/** The API that the case's fixture is written in. */
export type Dialect = 'gateway-api' | 'istio-api' | 'ingress';

/** Milliseconds since the case's fixture was applied; a milestone that was not reached is absent. */
export interface Milestones {
  created?: number;
  accepted?: number;
  programmed?: number;
  address?: number;
  firstRight?: number;
  steady?: number;
}

/** What the objects of the cluster told about a failure. */
interface Diagnosed {
  /** Id of the cause, the same for all failures of that kind. */
  id: string;
  /** What it rests on, a line each. */
  evidence: string[];
  /** The command that mends or proves it. */
  next: string;
}

/** Why a case failed, for a person who has to act on it. */
export interface Failure {
  expected: string;
  got: string;
  /** One sentence: the likely cause. It never decides the verdict. */
  cause: string;
  /** What the cause rests on; absent where it was concluded from the answers alone. */
  diagnosis?: Diagnosed;
  /** Paths relative to reports/out. */
  evidence: string[];
  /** A shell command that shows the failure. */
  repro: string;
}

/** Why a case is meant to fail for now: an entry of reports/known-failures.yaml. */
interface Known {
  reason: string;
  link: string;
  /** Last day, in UTC, on which the failure counts as known. */
  expires: string;
}

/** What is known of a case before it runs: its suite file declares it in the test's options, as `meta.conformance`. */
export interface CaseFacts {
  /** Short name of the case in Gateway API's own conformance suite that this one mirrors. */
  official?: string;
  dialect: Dialect;
  /** Names as in Gateway API's feature list. */
  features: string[];
  /** Set where Gateway API's own suite has the case on trial: it counts for nothing yet. */
  provisional?: true;
  /** Set where a scenario is run in several dialects. */
  scenario?: {
    /** What is asked; the same row in each dialect has the same text. */
    row: string;
    /** Why this dialect is known to answer otherwise than the scenario says. */
    differs?: string;
  };
  /** What it needs of this machine, beside a cluster. */
  needs?: 'browser'[];
}

/** Something that a case asked, or looked at, and what came. */
export interface Step {
  /** `GET shop.example.com/cart` */
  asked: string;
  wanted?: string;
  /** What came last. */
  got?: string;
  /** How often it was asked, or looked at. */
  attempts?: number;
  /** Whether it came as wanted; absent where another one failed before that was known. */
  right?: boolean;
}

/** What became of the assertions of a case under faults. */
interface Proof {
  /** How often a fault applied to an assertion. */
  applied: number;
  /** How often the assertion noticed it, and said so. */
  noticed: number;
  /** The faults that were noticed, by their names in faults/. */
  faults: string[];
}

/** What a case leaves in its vitest task's `meta.conformance` while it runs; the reporter adds the rest. */
export interface CaseNotes extends CaseFacts {
  milestones: Milestones;
  /** Requests sent until the case was decided. */
  attempts: number;
  /** What came where no specification says what must, by what was asked; no verdict stands on it. */
  observed?: Record<string, string>;
  /** What it asked, in that order; the first ones where there are many. */
  steps?: Step[];
  /** Set in a run that proves its cases. */
  proof?: Proof;
  /** Set when the case fails. */
  failure?: Failure;
  /** Why its failure is not judged, where that is so. */
  excuse?: string;
}

/** One case in run.json. The fields of Failure stand in it when its verdict is `failed`. */
export interface CaseResult extends Partial<CaseFacts>, Partial<Failure> {
  /** Stable: area/file/test, kebab-case. */
  id: string;
  title: string;
  /** Suite file, from the project's root. */
  file: string;
  features: string[];
  verdict: Verdict;
  /** Why it failed, was skipped or was not run; absent when it passed. */
  reason?: string;
  /** Set-up and clean-up of the case's own fixtures included. */
  durationMs: number;
  milestones: Milestones;
  attempts: number;
  observed?: Record<string, string>;
  steps?: Step[];
  proof?: Proof;
  /** Set where the case failed as it is known to on this target. */
  known?: Known;
}

/** Something that went wrong outside of any case: a suite file that did not load, an error nobody awaited. */
export interface RunError {
  message: string;
  /** Suite file, from the project's root, where it is known. */
  file?: string;
}

/** What a run took of this machine and of the API server until its reports were written; clean-up follows. */
export interface Cost {
  /** Milliseconds of processor time of the runner, all its threads; a browser's are not in it. */
  cpuMs: number;
  /** The most memory that the runner had at a time, in MiB. */
  memoryMb: number;
  /** Requests to the API server from when the target was ready; watches, streams and what was sent again are some. */
  apiCalls: number;
  /** Of them those that a suite file sent, which its cases share as they share what it applies. */
  files: { file: string; apiCalls: number }[];
}

/** Always: selected = passed + failed + skipped + notRun = the number of cases. */
export interface Sums {
  selected: number;
  passed: number;
  failed: number;
  skipped: number;
  notRun: number;
  /** How many of the failed ones are known to fail; absent where none is. */
  known?: number;
}

/** A part of the suite files, in vitest's own division of them. */
export interface Shard {
  /** From 1 on. */
  index: number;
  count: number;
}

/** reports/out/run.json; run.schema.json says the same to other programs. */
export interface Run {
  /** Version of this format; a reader refuses one it does not know. */
  format: 1;
  id: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  /** When the target was known to be ready. */
  readyAt: string;
  /** When the first case began; absent when none did. */
  firstCaseAt?: string;
  /** When the last verdict was in; clean-up follows. */
  endedAt: string;
  /** The signal that ended the run before its time. */
  interrupted?: 'SIGINT' | 'SIGTERM';
  /** Name filters of the command line; empty: every case was selected. */
  filters: string[];
  /** Set in the run of one shard; `npm run report -- merge` makes one run of all of them. */
  shard?: Shard & {
    /** Number of cases that all shards together selected. */
    selected: number;
  };
  /** How many shards it was put together of; absent for a run that is of one piece. */
  shards?: number;
  target: Omit<Target, 'kubeconfig' | 'controller'>;
  /** How the gateways were asked, and why so; absent when the run ended before that was known. */
  reach?: Reach;
  cost?: Cost;
  sums: Sums;
  /** Sorted by id, each id once. */
  cases: CaseResult[];
  errors: RunError[];
}
