import type { Target } from '../cluster/target.ts';

export type Verdict = 'passed' | 'failed' | 'skipped' | 'not-run';
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

/** What a case leaves in its vitest task's `meta.conformance` while it runs; the reporter adds the rest. */
export interface CaseNotes {
  official?: string;
  dialect: Dialect;
  features: string[];
  milestones: Milestones;
  /** Requests sent until the case was decided. */
  attempts: number;
  /** Set when the case fails. */
  failure?: {
    expected: string;
    got: string;
    /** One sentence: the likely cause. It never decides the verdict. */
    cause: string;
    /** Paths relative to reports/out. */
    evidence: string[];
    /** A shell command that shows the failure without this suite. */
    repro: string;
  };
}

/** One case in run.json. */
export interface CaseResult extends Omit<CaseNotes, 'failure'> {
  /** Stable: area/file/test, kebab-case. */
  id: string;
  title: string;
  verdict: Verdict;
  /** Why it failed, was skipped or was not run; absent when it passed. */
  reason?: string;
  durationMs: number;
  failure?: CaseNotes['failure'];
}

/** reports/out/run.json */
export interface Run {
  id: string;
  startedAt: string;
  endedAt: string;
  target: Target;
  sums: { selected: number; passed: number; failed: number; skipped: number; notRun: number };
  cases: CaseResult[];
}
