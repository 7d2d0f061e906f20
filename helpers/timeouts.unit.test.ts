import { describe, expect, test } from 'vitest';
import { Problem } from '../cluster/problem.ts';
import { defaultTimeouts, parseTimeouts } from './timeouts.ts';

describe('parseTimeouts', () => {
  test('an empty text gives the defaults, and a copy of them', () => {
    const timeouts = parseTimeouts('');
    expect(timeouts).toEqual(defaultTimeouts);
    expect(timeouts).not.toBe(defaultTimeouts);
  });

  test.for([
    ['programmed=90s', { programmed: 90_000 }],
    ['connect=800ms', { connect: 800 }],
    ['gone=2m, address=0.5s', { gone: 120_000, address: 500 }],
    [' ready = 5s ,', { ready: 5_000 }],
  ] as const)('%s', ([text, changed]) => {
    expect(parseTimeouts(text)).toEqual({ ...defaultTimeouts, ...changed });
  });

  test.for([
    ['programed=90s', /programed.*no such timeout; known: .*programmed/s],
    ['programmed=90', /"programmed=90".*with its unit/s],
    ['programmed=0s', /more than zero/],
    ['programmed=-1s', /more than zero/],
    ['programmed', /NAME=DURATION/],
    ['programmed=1s,programmed=2s', /twice/],
    ['toString=1s', /no such timeout/],
  ] as const)('refuses %s', ([text, message]) => {
    expect(() => parseTimeouts(text)).toThrow(Problem);
    expect(() => parseTimeouts(text)).toThrow(message);
  });
});
