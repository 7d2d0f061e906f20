import type { Problem } from '../problem.ts';

/** One thing that is wrong with a cluster. */
export interface Finding {
  /** What is wrong, as one sentence. */
  wrong: string;
  /** What was seen, a line each. */
  evidence: string[];
  /** The command to type next, or what to change. */
  next: string;
}

export function findingOf({ asked, got, cause, next }: Problem): Finding {
  return { wrong: cause, evidence: [`${asked}: ${got}`], next };
}
