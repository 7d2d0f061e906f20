import type { Step } from '../../reports/run.ts';

/** What a matcher of vitest's expect gives. */
export interface Result {
  pass: boolean;
  message: () => string;
  /** What was asked and what came, where that is more than the message or the failure says. */
  steps?: Step[];
}
