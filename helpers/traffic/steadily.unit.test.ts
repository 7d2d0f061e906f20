import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { steadily, type Try } from './steadily.ts';

/** Tries in turn: `+` is right, `-` is wrong; the last is repeated. */
function tries(pattern: string): () => Promise<Try<number>> {
  let turn = 0;
  return async () => {
    const mark = pattern[Math.min(turn, pattern.length - 1)];
    turn += 1;
    return mark === '+' ? { right: true } : { right: false, wrong: turn };
  };
}

async function slow(): Promise<Try<number>> {
  await pause(40);
  return { right: true };
}

describe('steadily', () => {
  test.for([
    ['+++', 3, undefined],
    ['--+++', 5, 2],
    ['++-+++', 6, 3],
    ['+-+-++-+++', 10, 7],
  ] as const)('%s is steady after %i tries', async ([pattern, count, lastWrong]) => {
    const result = await steadily(tries(pattern), { times: 3, timeout: 5_000 });
    expect(result).toMatchObject({ steady: true, tries: count, lastWrong, longest: 3 });
  });

  test('is not steady when it is right now and then, and keeps the last wrong', async () => {
    let turn = 0;
    const flaky = async (): Promise<Try<number>> => {
      turn += 1;
      return turn % 3 === 0 ? { right: false, wrong: turn } : { right: true };
    };
    const result = await steadily(flaky, { times: 3, timeout: 300 });
    expect(result).toMatchObject({ steady: false, longest: 2 });
    expect(result.lastWrong).toBe(result.tries - (result.tries % 3));
    expect(result.elapsedMs).toBeGreaterThan(290);
  });

  test('goes on with a row that has begun before the deadline', async () => {
    const result = await steadily(slow, { times: 3, timeout: 50 });
    expect(result).toMatchObject({ steady: true, tries: 3, lastWrong: undefined });
  });

  test('tells of the first right try, once', async () => {
    let told = 0;
    await steadily(tries('-+-+++'), { times: 3, timeout: 5_000, firstRight: () => (told += 1) });
    expect(told).toBe(1);
  });

  test('waits a little after a wrong try, so that not too many are made', async () => {
    const result = await steadily(tries('-'), { times: 3, timeout: 500 });
    expect(result.tries).toBeLessThan(8);
  });

  test('ends with what its signal was aborted with', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    const aborted = steadily(tries('-'), { times: 3, timeout: 5_000, signal });
    await expect(aborted).rejects.toThrow('cancelled');
  });

  test('passes on what a try throws', async () => {
    const broken = steadily(() => Promise.reject(new Error('broken')), { times: 3, timeout: 5_000 });
    await expect(broken).rejects.toThrow('broken');
  });
});
