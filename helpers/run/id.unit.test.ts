import { expect, test } from 'vitest';
import { isRunId, newRunId, runNamespace } from './id.ts';

test('ids sort by time and fit into DNS labels', () => {
  const times = [0, 1, Date.UTC(2026, 10, 24), Date.UTC(2026, 10, 24) + 1, Date.UTC(2058, 0)];
  const ids = times.map((time) => newRunId(time));
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) {
    expect(isRunId(id)).toBe(true);
    expect(runNamespace(id)).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
  }
});

test('two runs of one millisecond have different ids, nearly always', () => {
  const ids = Array.from({ length: 20 }, () => newRunId(5));
  expect(new Set(ids).size).toBeGreaterThan(15);
});

test.for(['', 'true', 'MWU2TYGE3J', 'mwu2tyge3', 'mwu2tyge3jj', 'mwu2-yge3j'])('"%s" is no id', (text) => {
  expect(isRunId(text)).toBe(false);
});
