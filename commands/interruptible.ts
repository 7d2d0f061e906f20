import { endPrograms } from '../cluster/shell.ts';
import { type EndSignal, exitCodeOf, onEndSignals } from '../helpers/run/signals.ts';

/**
 * Works until it is done, or until SIGINT or SIGTERM ends it in good order; a second one ends this process at once.
 * @param what is ended then, in words
 * @param work gets a signal that is aborted then, after which it cleans up and throws
 * @param ended makes the outcome of work that was ended, from the exit code of the signal and from what was thrown
 * @throws what `work` throws when no signal has come
 */
export async function interruptible<T>(
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
  ended: (exitCode: number, error: unknown) => T,
): Promise<T> {
  const interrupted = new AbortController();
  let by: EndSignal | undefined;
  const giveBack = onEndSignals(
    (signal) => {
      by = signal;
      interrupted.abort();
      console.log(`${signal}: ending ${what} and cleaning up; once more to leave at once`);
      endPrograms();
    },
    (signal) => {
      console.error(`${signal}: left at once; the next run sweeps what this one leaves on the cluster`);
      process.exit(exitCodeOf(signal));
    },
  );
  try {
    return await work(interrupted.signal);
  } catch (error) {
    if (!by) throw error;
    return ended(exitCodeOf(by), error);
  } finally {
    giveBack();
  }
}
