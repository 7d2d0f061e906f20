import { describe, expect, test } from 'vitest';
import { assurance, judgeShares, type Verdict } from './shares.ts';

/** Marsaglia's xorshift, 32 bits: the same numbers in [0, 1) for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const batch = 32;

/** Draws outcomes in batches, as traffic is asked, until there is a verdict. */
function drawn(expected: number[], actual: number[], random: () => number) {
  const counts = expected.map(() => 0);
  let verdict: Verdict = 'open';
  while (verdict === 'open') {
    for (let each = 0; each < batch; each += 1) {
      const number = random();
      let sum = 0;
      const at = actual.findIndex((share) => {
        sum += share;
        return number < sum;
      });
      counts[at] = (counts[at] ?? 0) + 1;
    }
    verdict = judgeShares(expected, counts);
  }
  return { verdict, counts, outcomes: counts.reduce((sum, count) => sum + count, 0) };
}

const runs = 2_000;

function simulated(expected: number[], actual: number[]) {
  const random = randomFrom(20_241);
  const each = Array.from({ length: runs }, () => drawn(expected, actual, random));
  return {
    asExpected: each.filter(({ verdict }) => verdict === 'as expected').length / runs,
    mean: each.reduce((sum, { outcomes }) => sum + outcomes, 0) / runs,
    each,
  };
}

const { precision, tolerance, falseAlarm, miss } = assurance;

describe('shares as they are expected', () => {
  test.each([
    { shares: [0.7, 0.3, 0], mean: 450 },
    { shares: [0.5, 0.5], mean: 530 },
    { shares: [0.2, 0.8], mean: 350 },
    { shares: [0.35, 0.65], mean: 490 },
    { shares: [0.6, 0.3, 0.1], mean: 550 },
    { shares: [0.95, 0.05], mean: 250 },
  ])('$shares are never judged otherwise, after fewer than $mean outcomes on average', ({ shares, mean }) => {
    const result = simulated(shares, shares);
    expect(result.asExpected).toBe(1);
    expect(result.mean).toBeLessThan(mean);
  });

  test('taking turns is judged as expected', () => {
    const turns = Array.from({ length: 60 }, (_, round) => [7 * round, 3 * round]);
    const verdicts = turns.map((counts) => judgeShares([0.7, 0.3], counts));
    expect(verdicts).toContain('as expected');
    expect(verdicts).not.toContain('otherwise');
  });

  // Nobody can draw often enough to see one in a million. Drawn from shares that are off instead, each wrong verdict
  // weighs as much as its outcomes are less likely with the shares as they are expected: the sum estimates the same.
  test.each([
    { expected: [0.7, 0.3, 0], limit: [0.69, 0.31, 0] },
    { expected: [0.5, 0.5], limit: [0.51, 0.49] },
    { expected: [0.2, 0.8], limit: [0.21, 0.79] },
  ])('$limit for $expected are judged otherwise at most once in a million', ({ expected, limit }) => {
    const [share = 0] = expected;
    const sign = Math.sign((limit[0] ?? 0) - share);
    const off = [share + sign * tolerance, 1 - share - sign * tolerance, 0].slice(0, expected.length);
    const weights = simulated(expected, off).each.map(({ verdict, counts }) => {
      if (verdict !== 'otherwise') return 0;
      const logs = counts.map((count, at) =>
        count === 0 ? 0 : count * Math.log((limit[at] ?? 0) / (off[at] ?? 1)),
      );
      return Math.exp(logs.reduce((sum, log) => sum + log, 0));
    });
    const estimated = weights.reduce((sum, weight) => sum + weight, 0) / runs;
    expect(estimated).toBeGreaterThan(0);
    expect(estimated).toBeLessThan(falseAlarm);
  });
});

describe('shares that are off', () => {
  test.each([
    { expected: [0.7, 0.3, 0], actual: [0.8, 0.2, 0] },
    { expected: [0.7, 0.3, 0], actual: [0.6, 0.4, 0] },
    { expected: [0.5, 0.5], actual: [0.4, 0.6] },
    { expected: [0.2, 0.8], actual: [0.1, 0.9] },
    { expected: [0.2, 0.8], actual: [0.3, 0.7] },
    { expected: [0.2, 0.8], actual: [0.35, 0.65] },
    { expected: [0.95, 0.05], actual: [1, 0] },
    { expected: [0.9, 0.1], actual: [1, 0] },
    { expected: [0.4, 0.3, 0.3], actual: [0.3, 0.35, 0.35] },
  ])('by the tolerance ($actual for $expected) are hardly ever missed', ({ expected, actual }) => {
    // 2,000 tries at a chance of one in a hundred: 20 on average, 40 or more less than once in ten thousand times
    expect(simulated(expected, actual).asExpected).toBeLessThan(2 * miss);
  });

  test('are called so when they are as unlikely as that, and not before', () => {
    // each outcome is 0.6 / 0.51 times as likely with a share that is off: 88 weigh a million, 94 four million
    expect(judgeShares([0.5, 0.5], [88, 0])).toBe('open');
    expect(judgeShares([0.5, 0.5], [94, 0])).toBe('otherwise');
  });

  test('by much are found out soon', () => {
    const { asExpected, mean } = simulated([0.7, 0.3, 0], [0, 1, 0]);
    expect(asExpected).toBe(0);
    expect(mean).toBeLessThan(100);
  });

  test('within the precision are as expected', () => {
    const actual = [0.7 + precision, 0.3 - precision, 0];
    expect(simulated([0.7, 0.3, 0], actual).asExpected).toBe(1);
  });
});

describe('a share of nothing', () => {
  test('is exact: one outcome is otherwise, whenever it comes', () => {
    expect(judgeShares([0.7, 0.3, 0], [0, 0, 1])).toBe('otherwise');
    expect(judgeShares([0.7, 0.3, 0], [7_000, 3_000, 1])).toBe('otherwise');
  });

  test('is not judged by too few', () => {
    expect(judgeShares([1, 0], [10, 0])).toBe('open');
    expect(judgeShares([1, 0], [100, 0])).toBe('as expected');
  });
});

test('no outcome yet leaves it open', () => {
  expect(judgeShares([0.7, 0.3], [0, 0])).toBe('open');
});
