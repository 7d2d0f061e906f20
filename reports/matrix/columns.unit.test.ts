import { expect, test } from 'vitest';
import { sampleRun, versions } from '../regression/sample-runs.ts';
import { columnsOf } from './columns.ts';

const on = (at: number, version: string, more = {}) =>
  sampleRun(at, { a: 'passed' }, { target: { versions: versions(version) }, ...more });
const ids = (runs: { id: string }[]): string[] => runs.map(({ id }) => id);

test('there is a column for each target in each version, the newest run last', () => {
  const runs = [on(1, '1.30.2'), on(2, '1.31.0'), on(3, '1.30.2')];
  expect(ids(columnsOf(runs, 'h'))).toEqual(ids([on(2, '1.31.0'), on(3, '1.30.2')]));
});

test('a run of all cases comes before a newer one of some, or one that was interrupted', () => {
  const whole = on(1, '1.31.0');
  const runs = [whole, on(2, '1.31.0', { filters: ['a'] }), on(3, '1.31.0', { interrupted: 'SIGINT' })];
  expect(ids(columnsOf(runs, 'h'))).toEqual([whole.id]);
  expect(ids(columnsOf(runs.slice(1), 'h'))).toEqual([runs[1]?.id]);
  expect(ids(columnsOf(runs.slice(2), 'h'))).toEqual([runs[2]?.id]);
});

test('of many targets the newest eight have a column', () => {
  const runs = Array.from({ length: 12 }, (_, at) => on(at, `1.${at}.0`));
  expect(ids(columnsOf(runs, 'h'))).toEqual(ids(runs.slice(4)));
});

test('no run is no matrix', () => {
  expect(() => columnsOf([], 'reports/history.jsonl')).toThrow('reports/history.jsonl has none');
});
