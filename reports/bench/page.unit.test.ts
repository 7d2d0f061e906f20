import { expect, test } from 'vitest';
import { sampleCase, sampleRun } from '../regression/sample-runs.ts';
import { takenBy } from './of-run.ts';
import { type Bench, benchLines, benchPage } from './page.ts';

const bench: Bench = {
  at: '2026-11-25T04:00:00.000Z',
  machine: '2 × processor, load 0.1 before it, 2.0 after it',
  target: 'Istio 1.31',
  contenders: [
    {
      name: 'by hand',
      rounds: [
        { seconds: 20, firstVerdict: 9, cases: 4, failed: 0, requests: 6, apiCalls: 34, cpu: 1.1 },
        { seconds: 24, firstVerdict: 8, cases: 4, failed: 0, requests: 8, apiCalls: 36, cpu: 1.3 },
      ],
    },
    {
      name: 'here',
      promised: 20,
      rounds: [
        { seconds: 10, cases: 4, failed: 0, requests: 18, apiCalls: 78, cpu: 5.4, memory: 475 },
        { seconds: 8, cases: 4, failed: 2, requests: 18, apiCalls: 78, cpu: 5, memory: 477 },
      ],
    },
    { name: 'official', rounds: [{ seconds: 100 }] },
  ],
  races: [
    { slow: 'by hand', fast: 'here', promised: 4 },
    { slow: 'official', fast: 'not run' },
  ],
  served: [
    {
      floor: { address: 0.5, gateway: 2, route: 0.25 },
      runs: [
        {
          cases: [
            sampleCase('own', 'passed', { milestones: { programmed: 900, firstRight: 3_000 } }),
            sampleCase('there', 'passed', { milestones: { firstRight: 750 } }),
          ],
        },
      ],
    },
    { floor: { address: 0.7, gateway: 3, route: 0.25 }, runs: [] },
  ],
  left: ['images → ready cluster: the cluster is not taken down: run mw00000001 is on it'],
};

test('times with their spread, ratios round by round, costs, and cases above the floor', () => {
  expect(benchLines(bench).join('\n')).toBe(`
Seconds, from a command to its end: the median (least to most)
  what      rounds  first verdict     whole                promised  of it
  by hand   2       8.5 (8.0 to 9.0)  22.0 (20.0 to 24.0)
  here      2                         9.0 (8.0 to 10.0)    20        0.45
  official  1                         100.0

Ratios of the seconds, round by round
  what            rounds  times                promised
  by hand / here  2       2.50 (2.00 to 3.00)  at least 4

What it takes, until the last verdict
  what     cases       requests a case   API calls a case     API calls      CPU seconds       MiB
  by hand  4 (4 to 4)  1.8 (1.5 to 2.0)  8.8 (8.5 to 9.0)     35 (34 to 36)  1.2 (1.1 to 1.3)
  here     4 (4 to 4)  4.5 (4.5 to 4.5)  19.5 (19.5 to 19.5)  78 (78 to 78)  5.2 (5.0 to 5.4)  476 (475 to 477)

The floor: until Istio serves, backend ready before, asked by a bare loop
  what                                                         rounds  seconds
  Gateway and route applied → address                          2       0.60 (0.50 to 0.70)
  Gateway and route applied → first right answer               2       2.50 (2.00 to 3.00)
  route applied at a Gateway that serves → first right answer  2       0.25 (0.25 to 0.25)

Seconds by which cases sit above the floor, from their fixture to their first right answer
  cases                                 how many  least  quarter  median  three quarters  most
  with a Gateway of their own           1         1.00   1.00     1.00    1.00            1.00
  at what serves already, or is shared  1         0.50   0.50     0.50    0.50            0.50

The 2 furthest above it
  case             floor    seconds  above
  area/file/own    gateway  3.00     1.00
  area/file/there  route    0.75     0.50

here: 2 cases failed in round 2
not measured: images → ready cluster: the cluster is not taken down: run mw00000001 is on it
2 × processor, load 0.1 before it, 2.0 after it; Istio 1.31`);
});

test('the page has the same, and every case', () => {
  const page = benchPage(bench);
  expect(page).toContain('| by hand / here | 2 | 2.50 (2.00 to 3.00) | at least 4 |');
  expect(page).toContain('- here: 2 cases failed in round 2');
  expect(page.split('## Every case')[1]).toContain('| area/file/there | route | 0.75 | 0.50 |');
});

test('what was not measured has no table', () => {
  const times = { ...bench, served: [], races: [], contenders: bench.contenders.slice(2) };
  expect(benchLines(times).join('\n')).not.toMatch(/Ratios|What it takes|floor/);
});

test('a run tells what it took; what was not judged counts among what failed', () => {
  const run = sampleRun(1, { a: 'passed', b: 'failed', c: 'skipped', d: 'not-run' });
  expect(takenBy(run)).toEqual({ cases: 2, failed: 2, requests: 2 });
  const cost = { cpuMs: 5_400, memoryMb: 475, apiCalls: 78, files: [] };
  const sums = { ...run.sums, known: 1 };
  expect(takenBy({ ...run, sums, cost })).toEqual({
    cases: 2,
    failed: 1,
    requests: 2,
    apiCalls: 78,
    cpu: 5.4,
    memory: 475,
  });
});
