import { once } from 'node:events';
import { expect, test } from 'vitest';
import { deadlineIn } from './deadline.ts';

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

test('waits for what is excused', async () => {
  expect(await passing(100, () => 300)).toBeGreaterThan(399);
});
