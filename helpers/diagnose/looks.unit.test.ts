import { expect, test } from 'vitest';
import { Looks } from './looks.ts';

/** Looks that end when they are told to. */
function looking(most = 9) {
  const ends: (() => void)[] = [];
  const looks = new Looks((number) => {
    const { promise, resolve } = Promise.withResolvers<number>();
    ends.push(() => resolve(number));
    return promise;
  }, most);
  return { looks, ends };
}

test('who asks while a look is under way gets the next, with all others who do', async () => {
  const { looks, ends } = looking();
  const first = looks.take();
  const others = [looks.take(), looks.take(), looks.take()];
  expect(ends.length).toBe(1);
  ends[0]?.();
  await expect(first).resolves.toBe(1);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  await expect(Promise.all(others)).resolves.toEqual([2, 2, 2]);
});

test('a look that fails is no end of looking', async () => {
  let fails = true;
  const looks = new Looks(async (number) => {
    if (fails) throw new Error('away');
    return number;
  }, 9);
  const [first, second] = [looks.take(), looks.take()];
  fails = false;
  await expect(first).rejects.toThrow('away');
  await expect(second).resolves.toBe(2);
});

test('after some looks the last one has to do', async () => {
  const looks = new Looks(async (number) => number, 2);
  const taken = [await looks.take(), await looks.take(), await looks.take(), await looks.take()];
  expect(taken).toEqual([1, 2, 2, 2]);
});
