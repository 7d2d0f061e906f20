import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitOf } from './spread.ts';

const rule = { deviations: 5, floorMs: 500, runs: 5 };

test('the limit is median + deviations · 1.4826 · MAD', () => {
  // median 3000, absolute deviations 0 200 200 400 1000
  expect(limitOf([2_600, 2_800, 3_000, 3_200, 4_000], rule)).toEqual({
    median: 3_000,
    limit: 3_000 + 5 * 1.4826 * 200,
    runs: 5,
  });
});

test('it is above the median by the floor at least', () => {
  expect(limitOf([3_000, 3_000, 3_000, 3_001, 3_001], rule)).toEqual({
    median: 3_000,
    limit: 3_500,
    runs: 5,
  });
});

test('fewer runs than are asked for explain nothing', () => {
  expect(limitOf([1, 2, 3, 4], rule)).toBeUndefined();
  expect(limitOf([], { ...rule, runs: 0 })).toBeUndefined();
});

test('one odd run among the earlier ones does not hide a slow one', () => {
  const usual = [3_000, 3_050, 3_100, 2_950, 3_020, 2_980];
  expect(limitOf([...usual, 60_000], rule)?.limit).toBeLessThan(4_000);
});

test('no time that was seen half of the time or more is slower', () => {
  const times = fc.array(fc.nat(100_000), { minLength: 5, maxLength: 20 });
  fc.assert(
    fc.property(times, (earlier) => {
      const limit = limitOf(earlier, rule);
      const beyond = earlier.filter((time) => time > (limit?.limit ?? 0)).length;
      expect(beyond).toBeLessThanOrEqual(earlier.length / 2);
    }),
  );
});
