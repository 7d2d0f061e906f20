import { setTimeout as pause } from 'node:timers/promises';
import { deadlineIn } from '../deadline.ts';

/** One try: right, or what was wrong. */
export type Try<W> = { right: true } | { right: false; wrong: W };

export interface Steady<W> {
  /** Whether it was right the asked number of times in a row before the deadline. */
  steady: boolean;
  tries: number;
  /** What was wrong last, also where it became steady later; undefined when no try was wrong, and so it is steady. */
  lastWrong: W | undefined;
  /** Most tries in a row that were right. */
  longest: number;
  elapsedMs: number;
}

const firstPause = 25;
const longestPause = 400;

/**
 * Tries until it was right `times` in a row, or the deadline passes, which a thread that has too much to do moves. Right tries follow one another at once; after
 * a wrong one there is a pause that grows, so that a gateway that is still starting is not kept busy by the asking.
 * @param firstRight called once, after the first try that was right
 * @returns how it went; settles within `times` tries after the deadline
 * @throws what a try throws; what `signal` was aborted with
 */
export async function steadily<W>(
  attempt: () => Promise<Try<W>>,
  {
    times,
    timeout,
    signal,
    firstRight,
  }: { times: number; timeout: number; signal?: AbortSignal | undefined; firstRight?: () => void },
): Promise<Steady<W>> {
  const start = performance.now();
  using passed = deadlineIn(timeout);
  const deadline = signal ? AbortSignal.any([passed.signal, signal]) : passed.signal;
  const result: Steady<W> = { steady: false, tries: 0, lastWrong: undefined, longest: 0, elapsedMs: 0 };
  let row = 0;
  let delay = firstPause;
  // a row that has begun is gone on with: whether it holds is worth a moment more than the deadline
  while (row < times && (row > 0 || !deadline.aborted)) {
    result.tries += 1;
    const tried = await attempt();
    signal?.throwIfAborted();
    if (tried.right) {
      row += 1;
      if (result.longest === 0) firstRight?.();
      result.longest = Math.max(result.longest, row);
      delay = firstPause;
    } else {
      row = 0;
      result.lastWrong = tried.wrong;
      await pause(delay, undefined, { signal: deadline }).catch(() => {});
      delay = Math.min(delay * 2, longestPause);
    }
  }
  signal?.throwIfAborted();
  return { ...result, steady: row >= times, elapsedMs: performance.now() - start };
}
