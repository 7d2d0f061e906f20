import { constants } from 'node:os';

export type EndSignal = 'SIGINT' | 'SIGTERM';

const ends: EndSignal[] = ['SIGINT', 'SIGTERM'];

/**
 * Ctrl-C reaches this process twice under npm: from the terminal, and again from npm, which passes it on.
 * A person needs longer than this many milliseconds to press it again.
 */
const echo = 500;

/** The exit code that a shell gives to a process ended by the signal. */
export const exitCodeOf = (signal: EndSignal): number => 128 + constants.signals[signal];

/**
 * Hears SIGINT and SIGTERM in place of Node and of anybody else, vitest for one, who would end the process.
 * @param first called for the first signal
 * @param again called for any later one, but not for an echo of the first
 * @returns a function that gives the signals back
 */
export function onEndSignals(
  first: (signal: EndSignal) => void,
  again: (signal: EndSignal) => void,
): () => void {
  let heard: number | undefined;
  const listener = (signal: EndSignal): void => {
    const now = performance.now();
    if (heard === undefined) {
      heard = now;
      first(signal);
    } else if (now - heard > echo) {
      again(signal);
    }
  };
  const earlier = ends.map((signal) => process.listeners(signal));
  for (const [index, signal] of ends.entries()) {
    // ours first: without any listener for a moment, Node forgets a signal that has come and was not told of yet
    process.on(signal, listener);
    for (const other of earlier[index] ?? []) process.off(signal, other);
  }
  return () => {
    for (const [index, signal] of ends.entries()) {
      for (const other of earlier[index] ?? []) process.on(signal, other);
      process.off(signal, listener);
    }
  };
}
