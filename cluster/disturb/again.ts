import { setTimeout as pause } from 'node:timers/promises';

/**
 * Does something again and again, with a random pause before each: at least half of the mean one. Settles when it was
 * aborted; what the work throws ends it, unless it was aborted by then.
 * @param mean milliseconds
 */
export async function again(
  { mean, random, signal }: { mean: number; random: () => number; signal: AbortSignal },
  work: () => Promise<void>,
): Promise<void> {
  try {
    for (;;) {
      await pause(mean * (0.5 + random()), undefined, { signal });
      await work();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
