import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Outages } from './outages.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('counts from the first request that found nobody until one is answered', () => {
  const outages = new Outages();
  const start = performance.now();
  vi.advanceTimersByTime(100);
  outages.away(performance.now());
  vi.advanceTimersByTime(50);
  outages.away(performance.now());
  vi.advanceTimersByTime(50);
  expect(outages.since(start)).toBe(100);
  outages.back();
  vi.advanceTimersByTime(1_000);
  outages.back();
  expect(outages.since(start)).toBe(100);
  expect(outages.since(start + 150)).toBe(50);
  expect(outages.since(start + 500)).toBe(0);
});
