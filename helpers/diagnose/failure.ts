import type { Failure } from '../../reports/run.ts';
import type { Diagnosis } from './diagnosis.ts';
import { noted } from './noted.ts';

/** The cause of a failure that nothing has explained yet. */
export const unexplained = 'the evidence shows the objects as they were';

/**
 * Reads why a case failed from what was thrown: an error of the helpers says what was asked, what came and why; an
 * assertion says what it expected and got.
 * @param again the command that runs the case once more, for what has no better one
 * @returns undefined for an error that says nothing but its message
 */
export function failureOf(error: object | undefined, again: string): Omit<Failure, 'evidence'> | undefined {
  const said = (error ?? {}) as Record<string, unknown>;
  const { asked, got, cause, diagnosis, next, expected, actual, message } = said;
  if (typeof asked === 'string' && typeof got === 'string') {
    return {
      expected: asked,
      got,
      ...noted(diagnosis as Diagnosis | undefined, typeof cause === 'string' ? cause : unexplained),
      repro: typeof next === 'string' ? next : again,
    };
  }
  if (expected === undefined && actual === undefined) return undefined;
  return {
    expected: textOf(expected),
    got: textOf(actual),
    cause: String(message ?? '').split('\n')[0] ?? '',
    repro: again,
  };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
