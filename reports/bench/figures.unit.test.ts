import { expect, test } from 'vitest';
import { type Contender, perCase, ratiosOf, spreadOf, valuesOf } from './figures.ts';

const took = (...seconds: number[]): Contender => ({
  name: 'x',
  rounds: seconds.map((each) => ({ seconds: each })),
});

test('the spread of some values is their median, the least and the most, in whatever order they come', () => {
  expect(spreadOf([30, 10, 14])).toEqual({ median: 14, from: 10, to: 30, count: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, from: 1, to: 4, count: 4 });
  expect(spreadOf([7])).toEqual({ median: 7, from: 7, to: 7, count: 1 });
  expect(spreadOf([])).toBeUndefined();
});

test('a ratio is one of each round: what slows a round slows both', () => {
  expect(ratiosOf(took(20, 200), took(10, 100))).toEqual([2, 2]);
  expect(spreadOf(ratiosOf(took(20, 200, 12), took(10, 100, 3)))?.median).toBe(2);
});

test('a round that only one of them has says nothing', () => {
  expect(ratiosOf(took(20, 30), took(10))).toEqual([2]);
  expect(ratiosOf(took(), took(10))).toEqual([]);
});

test('what is asked for a case is all that was asked, shared by the cases', () => {
  const taken = { seconds: 1, cases: 4, requests: 10, apiCalls: 34 };
  expect(perCase('requests')(taken)).toBe(2.5);
  expect(perCase('apiCalls')(taken)).toBe(8.5);
  expect(perCase('requests')({ ...taken, cases: 0 })).toBeUndefined();
  expect(perCase('apiCalls')({ seconds: 1, cases: 4 })).toBeUndefined();
});

test('a figure that a round does not have is none of its values', () => {
  const rounds = [{ seconds: 1, cpu: 3 }, { seconds: 2 }];
  expect(valuesOf({ name: 'x', rounds }, ({ cpu }) => cpu)).toEqual([3]);
});
