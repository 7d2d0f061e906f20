import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyRun, sampleCase, sampleRun, versions } from '../regression/sample-runs.ts';
import { matrixView } from './view.ts';

const names = (...runs: ReturnType<typeof sampleRun>[]): string[] =>
  matrixView(runs).columns.map(({ name }) => name);

describe('what a column is called', () => {
  const [a, b] = ['1.30.2', '1.31.0'].map((version, at) =>
    sampleRun(at, { a: 'passed' }, { target: { versions: versions(version) } }),
  ) as [ReturnType<typeof sampleRun>, ReturnType<typeof sampleRun>];

  test('is what sets it apart', () => {
    expect(names(a)).toEqual(['Istio 1.30.2']);
    expect(names(a, b)).toEqual(['Istio 1.30.2', 'Istio 1.31.0']);
    const other = { ...b, target: { ...b.target, versions: versions('1.31.0', 'v1.7.0') } };
    expect(names(b, other)).toEqual(['Gateway API v1.6.3 experimental', 'Gateway API v1.7.0 experimental']);
  });

  test('has the time where nothing else does', () => {
    const again = sampleRun(5, { a: 'passed' }, { target: { versions: versions('1.31.0') } });
    expect(names(b, again)).toEqual(['Istio 1.31.0, 2026-11-02 02:00', 'Istio 1.31.0, 2026-11-06 02:00']);
  });
});

test('a cell tells verdict, time and milestones in the order in which they were reached', () => {
  const milestones = { steady: 3_000, created: 40, firstRight: 1_200 };
  const [group] = matrixView([sampleRun(1, [sampleCase('a', 'passed', { milestones })])]).groups;
  expect(group?.rows[0]?.cells).toMatchObject([
    {
      word: 'passed',
      took: '1.0 s',
      milestones: [
        { name: 'created', time: '0.0 s' },
        { name: 'firstRight', time: '1.2 s' },
        { name: 'steady', time: '3.0 s' },
      ],
    },
  ]);
});

test('a cell tells how many faults the case noticed, in a run that proves', () => {
  const proof = { applied: 8, noticed: 7, faults: ['reset'] };
  const proving = sampleRun(1, [sampleCase('a', 'failed', { proof }), sampleCase('b', 'passed')]);
  const [group] = matrixView([proving]).groups;
  expect(group?.rows.map(({ cells }) => cells[0]?.proof)).toEqual(['7 of 8 faults noticed', '']);
});

test('every case of any runs has one row, and as many cells as there are columns', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyRun, { minLength: 1, maxLength: 4, selector: ({ id }) => id }), (runs) => {
      const { groups, columns, count } = matrixView(runs);
      const rows = groups.flatMap((group) => group.rows);
      const ids = new Set(runs.flatMap(({ cases }) => cases.map(({ id }) => id)));
      expect(rows.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
      expect(count).toBe(ids.size);
      for (const [at, run] of runs.entries()) {
        expect(columns[at]?.id).toBe(run.id);
        const passed = rows.filter(({ cells }) => cells[at]?.standing === 'passed');
        expect(passed).toHaveLength(run.sums.passed);
        const absent = rows.filter(({ cells }) => cells[at]?.standing === 'absent');
        expect(absent).toHaveLength(ids.size - run.cases.length);
      }
    }),
  );
});
