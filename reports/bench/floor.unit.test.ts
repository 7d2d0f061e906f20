import { expect, test } from 'vitest';
import { sampleCase } from '../regression/sample-runs.ts';
import type { Milestones } from '../run.ts';
import { aboveFloor } from './floor.ts';

const floor = { address: 1, gateway: 2, route: 0.25 };
const run = (cases: Record<string, Milestones>) => ({
  cases: Object.entries(cases).map(([id, milestones]) => sampleCase(id, 'passed', { milestones })),
});

test('a case that waits for its own Gateway is measured from that floor, another one from that of a route', () => {
  const cases = aboveFloor([
    {
      floor,
      runs: [
        run({ own: { created: 50, programmed: 1_500, firstRight: 2_500 }, there: { firstRight: 1_250 } }),
      ],
    },
  ]);
  expect(cases).toEqual([
    { id: 'area/file/there', floor: 'route', took: 1.25, above: 1 },
    { id: 'area/file/own', floor: 'gateway', took: 2.5, above: 0.5 },
  ]);
});

test('of several runs the median counts, each above the floor of its own round', () => {
  const rounds = [1_000, 9_000, 1_500].map((firstRight, at) => ({
    floor: { ...floor, route: [0.5, 8, 0.25][at] ?? 0 },
    runs: [run({ there: { firstRight } })],
  }));
  expect(aboveFloor(rounds)).toMatchObject([{ took: 1.5, above: 1 }]);
});

test('a case may sit below the floor, and one that asked nothing sits nowhere', () => {
  const cases = run({ quick: { firstRight: 125 }, mute: { created: 5, programmed: 90 } });
  expect(aboveFloor([{ floor, runs: [cases] }])).toEqual([
    { id: 'area/file/quick', floor: 'route', took: 0.125, above: -0.125 },
  ]);
});
