import { median } from 'simple-statistics';
import type { CaseResult, Run } from '../run.ts';

/** How long it takes until Istio serves, asked by a bare loop: seconds. */
export interface Floor {
  /** Gateway and route applied → an address in the Gateway's status. */
  address: number;
  /** Gateway and route applied → the first right answer. */
  gateway: number;
  /** Route applied at a Gateway that serves → the first right answer by it. */
  route: number;
}

/** How far above the floor a case sits. */
export interface AboveFloor {
  id: string;
  /** `gateway`: it waits for a Gateway that is applied with it; `route`: for one that is there, or for no Gateway. */
  floor: 'gateway' | 'route';
  /** Seconds from its fixture to its first right answer, the median of its runs. */
  took: number;
  /** Seconds by which that is more than the floor of the same round, the median of its runs. */
  above: number;
}

const floorOf = ({ milestones }: CaseResult): AboveFloor['floor'] =>
  milestones.programmed === undefined ? 'route' : 'gateway';

/** A round: the floor as it was then, and the runs that followed it. */
export interface Served {
  floor: Floor;
  runs: Pick<Run, 'cases'>[];
}

/**
 * The cases that came to a right answer, those furthest above the floor first. Each run is laid beside the floor of its
 * own round: what slows the machine down for a while slows both.
 */
export function aboveFloor(rounds: Served[]): AboveFloor[] {
  const served = rounds.flatMap(({ floor, runs }) =>
    runs.flatMap(({ cases }) => cases.flatMap((one) => standing(one, floor))),
  );
  return [...Map.groupBy(served, ({ id }) => id)]
    .map(([id, times]) => ({
      id,
      floor: times.some((each) => each.floor === 'gateway') ? ('gateway' as const) : ('route' as const),
      took: median(times.map(({ took }) => took)),
      above: median(times.map(({ above }) => above)),
    }))
    .toSorted((a, b) => b.above - a.above || (a.id < b.id ? -1 : 1));
}

/** @returns nothing for a case that came to no right answer, or asked nothing */
function standing(one: CaseResult, floors: Floor): AboveFloor[] {
  const { firstRight } = one.milestones;
  if (firstRight === undefined) return [];
  const floor = floorOf(one);
  return [{ id: one.id, floor, took: firstRight / 1_000, above: firstRight / 1_000 - floors[floor] }];
}
