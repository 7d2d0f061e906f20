import { Lateness } from './lateness.ts';

/** One for each thread: its modules are its own. */
const lateness = new Lateness();

/**
 * A deadline that waits for a busy machine: it passes when its time has, and as much more as this thread's timers came
 * late meanwhile. Answers that lay there unread for that long say nothing about who gave them.
 * @param timeout milliseconds
 * @param excused milliseconds that are excused for another reason, since a time as performance.now() has it
 * @returns what aborts when it has passed; to be disposed of when nobody waits for it any more
 */
export function deadlineIn(
  timeout: number,
  excused: (since: number) => number = () => 0,
): Disposable & { signal: AbortSignal } {
  const passed = new AbortController();
  const begun = performance.now();
  const lateBefore = lateness.total;
  let timer = setTimeout(end, timeout).unref();
  function end(): void {
    const late = lateness.total - lateBefore;
    const left = timeout + late + excused(begun) - (performance.now() - begun);
    if (left < 1) passed.abort();
    else timer = setTimeout(end, left).unref();
  }
  return { signal: passed.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Aborted after so many milliseconds, as a deadline is, or when the signal is. */
export function within(timeout: number, signal: AbortSignal | undefined): AbortSignal {
  const passed = deadlineIn(timeout).signal;
  return signal ? AbortSignal.any([passed, signal]) : passed;
}
