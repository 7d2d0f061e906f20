import type { Step } from '../../reports/run.ts';

/** What a matcher of vitest's expect gives. */
export interface Result {
  pass: boolean;
  message: () => string;
  /** What was asked, how often, and what came. */
  steps: Step[];
}
