import { Lateness } from './lateness.ts';

/** One for each thread: its modules are its own. */
const lateness = new Lateness();

/** Milliseconds between two questions whether what hinders the run is over. */
const between = 1_000;

/** What a deadline does not run against, and for how many milliseconds at most; for all deadlines of a thread. */
let hindrance = { isThere: async () => false, longest: 0 };
let asked: Promise<boolean> | undefined;

/**
 * From now on the deadlines of this thread wait for as long as something hinders all that they are set for, and begin
 * anew when it no longer does.
 * @param isThere asked when a deadline has passed, and every second from then on; must not throw
 * @param longest milliseconds by which one deadline is moved at most
 */
export function waitWhile(isThere: () => Promise<boolean>, longest: number): void {
  hindrance = { isThere, longest };
}

/** Those who ask at a time share one answer. */
const isHindered = (): Promise<boolean> => {
  asked ??= hindrance.isThere().finally(() => {
    asked = undefined;
  });
  return asked;
};

/**
 * A deadline that waits for a busy machine: it passes when its time has, and as much more as this thread's timers came
 * late meanwhile. Answers that lay there unread for that long say nothing about who gave them. What hinders the run
 * (waitWhile) moves it too.
 * @param timeout milliseconds
 * @param excused milliseconds that are excused for another reason, since a time as performance.now() has it
 * @returns what aborts when it has passed; to be disposed of when nobody waits for it any more
 */
export function deadlineIn(
  timeout: number,
  excused: (since: number) => number = () => 0,
): Disposable & { signal: AbortSignal } {
  return countdown(timeout, excused, hindrance.longest);
}

function countdown(
  timeout: number,
  excused: (since: number) => number,
  longest: number,
): Disposable & { signal: AbortSignal } {
  const passed = new AbortController();
  let begun = performance.now();
  let lateBefore = lateness.total;
  let moved = 0;
  let wasHindered = false;
  let disposed = false;
  let timer = setTimeout(end, timeout).unref();
  async function end(): Promise<void> {
    const late = lateness.total - lateBefore;
    const left = timeout + late + excused(begun) - (performance.now() - begun);
    if (left >= 1) return again(left);
    const hindered = moved < longest && (await isHindered());
    if (disposed) return;
    if (hindered) {
      moved += between;
      wasHindered = true;
      return again(between);
    }
    if (!wasHindered || moved >= longest) return passed.abort();
    // what is waited for could not begin before: it has all of its time from here on
    wasHindered = false;
    begun = performance.now();
    lateBefore = lateness.total;
    again(timeout);
  }
  function again(ms: number): void {
    timer = setTimeout(end, ms).unref();
  }
  return {
    signal: passed.signal,
    [Symbol.dispose]: () => {
      disposed = true;
      clearTimeout(timer);
    },
  };
}

/** Aborted after so many milliseconds and as many as the thread was late, or when the signal is: for one request. */
export function within(timeout: number, signal: AbortSignal | undefined): AbortSignal {
  const passed = countdown(timeout, () => 0, 0).signal;
  return signal ? AbortSignal.any([passed, signal]) : passed;
}
