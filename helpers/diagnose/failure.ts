import type { TestError } from 'vitest';
import type { Failure } from '../../reports/run.ts';

/** Reads what an error of the helpers says of itself; undefined for an error that says nothing but its message. */
export function failureOf(error: TestError | undefined): Omit<Failure, 'evidence'> | undefined {
  if (typeof error?.asked !== 'string' || typeof error.got !== 'string') return undefined;
  return {
    expected: error.asked,
    got: error.got,
    cause: typeof error.cause === 'string' ? error.cause : 'the evidence shows the objects as they were',
    repro: typeof error.next === 'string' ? error.next : 'npm run cluster -- doctor',
  };
}
