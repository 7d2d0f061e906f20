import { once } from 'node:events';
import { expect, test } from 'vitest';
import { deadlineIn, within } from './deadline.ts';

/** Keeps this thread from doing anything else. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const passing = async (timeout: number, excused?: () => number): Promise<number> => {
  const begun = performance.now();
  using deadline = deadlineIn(timeout, excused);
  if (!deadline.signal.aborted) await once(deadline.signal, 'abort');
  return performance.now() - begun;
};

test('passes when its time has', async () => {
  expect(await passing(200)).toBeGreaterThan(199);
});

test('waits for as long as the thread was blocked', async () => {
  const passed = passing(400);
  block(700);
  // a beat may have been due a moment after the block began
  expect(await passed).toBeGreaterThan(400 + 700 - 110);
});

test('does not wait for what was late before it began', async () => {
  block(700);
  expect(await passing(200)).toBeLessThan(600);
});

test('does not pass when nobody waits for it any more', async () => {
  const { signal } = (() => {
    using deadline = deadlineIn(50);
    return deadline;
  })();
  await passing(150);
  expect(signal.aborted).toBe(false);
});

test('a signal is aborted by the deadline, or by another signal before', async () => {
  const other = new AbortController();
  const [early, late] = [within(60_000, other.signal), within(50, other.signal)];
  await once(late, 'abort');
  expect(early.aborted).toBe(false);
  other.abort();
  expect(early.aborted).toBe(true);
  await once(within(50, undefined), 'abort');
});

test('waits for what is excused', async () => {
  expect(await passing(100, () => 300)).toBeGreaterThan(399);
});
