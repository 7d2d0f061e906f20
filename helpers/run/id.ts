import { randomInt } from 'node:crypto';

const timeDigits = 8;
const randomDigits = 2;

/**
 * A new run's id: the time in milliseconds and a little chance, in base 36.
 * Ids sort by time (until 2059), are valid in DNS labels and label values, and are always of one length.
 */
export function newRunId(now = Date.now()): string {
  const time = now.toString(36).padStart(timeDigits, '0');
  return (
    time +
    randomInt(36 ** randomDigits)
      .toString(36)
      .padStart(randomDigits, '0')
  );
}

/** Whether a label's value is the id of a run; what carries another value is not ours. */
export function isRunId(text: string): boolean {
  return text.length === timeDigits + randomDigits && /^[0-9a-z]+$/.test(text);
}

/** The namespace that holds the run's lease. */
export const runNamespace = (id: string): string => `conformance-${id}`;
