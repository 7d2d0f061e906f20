import type { Browser, NoBrowser } from '../cluster/browser/browser.ts';
import type { Target } from '../cluster/target.ts';
import type { CaseFacts, CaseNotes } from '../reports/run.ts';
import type { Reach } from './reach/way.ts';
import type { Timeouts } from './timeouts.ts';

/** What the command hands to vitest's workers: plain data, by `provide`. */
export interface RunContext {
  /** Id of the run: DNS-label-safe, the value of RUN_LABEL on everything the run makes. */
  id: string;
  timeouts: Timeouts;
  /** How its gateways are asked. */
  reach: Reach;
  /** Folder (absolute) that the run writes into; evidence goes to `evidence/<case id>/` below it. */
  out: string;
  /** Looked for when a selected case needs one. */
  browser?: Browser | NoBrowser | undefined;
  /** Whether every assertion that has passed is judged once more under each fault that applies to it. */
  proves?: boolean | undefined;
  /** Ids of cases that are known to fail on the target. */
  known: string[];
  /** What is skipped: cases whose features the implementation lacks, and those that are provisional. */
  skips: {
    /** Of the run's filters, those that name a case in full run it all the same. */
    named: string[];
    /** `always`: features were told beside the filters. */
    unsupported: 'always' | 'unless named';
    provisional: boolean;
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    target: Target;
    run: RunContext;
  }
  interface TaskMeta {
    /** Facts are declared with the case; the helpers add their notes while it runs, for the reporter to read. */
    conformance?: CaseFacts & Partial<CaseNotes>;
    /** Of a suite file: how many requests it has sent to the API server. */
    apiCalls?: number;
  }
}
