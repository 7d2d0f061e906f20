import type { Failure } from '../../reports/run.ts';

/**
 * Reads why a case failed from what was thrown: an error of the helpers says what was asked, what came and why; an
 * assertion says what it expected and got.
 * @param again the command that runs the case once more, for what has no better one
 * @returns undefined for an error that says nothing but its message
 */
export function failureOf(error: object | undefined, again: string): Omit<Failure, 'evidence'> | undefined {
  const said = (error ?? {}) as Record<string, unknown>;
  const { asked, got, cause, next, expected, actual, message } = said;
  if (typeof asked === 'string' && typeof got === 'string') {
    return {
      expected: asked,
      got,
      cause: typeof cause === 'string' ? cause : 'the evidence shows the objects as they were',
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
