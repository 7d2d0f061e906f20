import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deadlineIn, waitWhile, within } from './deadline.ts';

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

const hinder = (answers: boolean[], longest: number) => {
  const left = [...answers];
  waitWhile(async () => left.shift() ?? false, longest);
  onTestFinished(() => waitWhile(async () => false, 0));
  return left;
};

describe('what hinders the run', () => {
  test('is waited for, by all who wait at a time', async () => {
    let asked = 0;
    const isThere = async (): Promise<boolean> => {
      asked += 1;
      const isFirst = asked === 1;
      await pause(300);
      return isFirst;
    };
    waitWhile(isThere, 60_000);
    onTestFinished(() => waitWhile(async () => false, 0));
    await Promise.all([passing(100), passing(150)]);
    expect(asked).toBe(3);
  });

  test('is over before the time begins', async () => {
    hinder([true, false, false], 60_000);
    expect(await passing(400)).toBeGreaterThan(400 + 1_000 + 400 - 2);
  });

  test('is not waited for for ever', async () => {
    const left = hinder(Array<boolean>(9).fill(true), 2_000);
    expect(await passing(100)).toBeGreaterThan(2_099);
    expect(left).toHaveLength(7);
  });

  test('lengthens no single request', async () => {
    const left = hinder([true], 60_000);
    await once(within(50, undefined), 'abort');
    expect(left).toHaveLength(1);
  });

  test('is not waited for when nobody waits any more', async () => {
    hinder([true, false], 60_000);
    const { signal } = await (async () => {
      using deadline = deadlineIn(50);
      await pause(60);
      return deadline;
    })();
    await pause(1_200);
    expect(signal.aborted).toBe(false);
  });
});
