import { setTimeout as pause } from 'node:timers/promises';
import type { Failure } from '../../reports/run.ts';
import type { Result } from '../matchers/result.ts';
import type { Check, Fault } from './catalogue.ts';

/** An assertion, judged once more under a fault. */
export interface Trial {
  fault: Fault<unknown>;
  /** What the fault breaks; undefined: nothing. */
  check: Check | undefined;
  /** Of what the check is, for messages. */
  of: string;
  judge: () => Promise<Judged>;
}

interface Judged {
  result: Result;
  /** Noted by who failed. */
  failure: Omit<Failure, 'evidence'> | undefined;
  /** Whether the fault found something to change; else nothing is proved. */
  touched: boolean;
}

/** What became of it: undefined where the fault found nothing to change. */
export type Outcome = { noticed: true } | { noticed: false; because: string } | undefined;

/** A glitch, as a connection that was late on a busy machine, is tried once more. */
const tries = 3;
/** Milliseconds for one verdict, more than all deadlines in it: what hangs on the way must not hang the case. */
const longest = 120_000;

/**
 * Whether the assertion fails as it must, with a message that names what is broken, or passes where nothing is.
 */
export async function outcomeOf({ fault, check, judge }: Trial): Promise<Outcome> {
  let outcome: Outcome;
  for (let tried = 0; tried < tries; tried += 1) {
    const judged = await Promise.race([judge(), pause(longest, undefined, { ref: false })]);
    if (!judged) {
      outcome = { noticed: false, because: `there was no verdict within ${longest / 1_000} s` };
      continue;
    }
    const { result, failure, touched } = judged;
    if (check && !touched) return undefined;
    outcome = check ? noticed(result, failure, fault) : unnoticed(result);
    if (outcome.noticed) return outcome;
  }
  return outcome;
}

function noticed(
  { pass, message }: Result,
  failure: Judged['failure'],
  { says = '' }: Fault<unknown>,
): NonNullable<Outcome> {
  if (pass) return { noticed: false, because: 'it passed' };
  const said = message();
  if (!new RegExp(says, 'm').test(said))
    return { noticed: false, because: `it failed, and did not say /${says}/, but:\n${indented(said)}` };
  if (failure && failure.cause !== '') return { noticed: true };
  return { noticed: false, because: 'it failed, and noted no cause' };
}

const unnoticed = ({ pass, message }: Result): NonNullable<Outcome> =>
  pass ? { noticed: true } : { noticed: false, because: `it failed:\n${indented(message())}` };

const indented = (text: string): string => text.replace(/^/gm, '      ');
