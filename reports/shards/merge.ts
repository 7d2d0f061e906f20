import { isDeepStrictEqual } from 'node:util';
import { Problem } from '../../cluster/problem.ts';
import type { Cost, Run, Shard, Sums } from '../run.ts';

/** The run of a shard, and where it comes from. */
export interface ShardRun {
  /** Folder, for messages. */
  from: string;
  run: Run;
}

/** Milliseconds that may lie between two shards of one run: less than from one night to the next. */
const atMostApart = 12 * 60 * 60 * 1_000;

/**
 * Makes one run of all its shards: it has their cases, verdicts and errors, the id and the start of the first that
 * began, and the end of the last. In whatever order they are given, the run is the same.
 * @throws Problem when they are not all shards of one run: one is missing, there twice, of another target or selection,
 * or of another day
 */
export function mergeShards(parts: ShardRun[]): Run {
  const shards = parts.toSorted((a, b) => (a.run.shard?.index ?? 0) - (b.run.shard?.index ?? 0));
  demandAllShards(shards);
  demandOneRun(shards);
  const runs = shards.map(({ run }) => run).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const [first] = runs as [Run];
  const firstCaseAt = earliest(runs.map((run) => run.firstCaseAt));
  const interrupted = runs.find((run) => run.interrupted)?.interrupted;
  const reach = runs.find((run) => run.reach)?.reach;
  const cost = costOfAll(runs.flatMap((run) => run.cost ?? []));
  return {
    format: 1,
    id: first.id,
    startedAt: earliest(runs.map((run) => run.startedAt)) ?? first.startedAt,
    readyAt: earliest(runs.map((run) => run.readyAt)) ?? first.readyAt,
    ...(firstCaseAt !== undefined && { firstCaseAt }),
    endedAt:
      runs
        .map((run) => run.endedAt)
        .toSorted()
        .at(-1) ?? first.endedAt,
    ...(interrupted && { interrupted }),
    filters: first.filters,
    shards: runs.length,
    target: first.target,
    ...(reach && { reach }),
    ...(cost && { cost }),
    sums: added(runs.map((run) => run.sums)),
    cases: runs.flatMap((run) => run.cases).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    errors: runs
      .flatMap((run) => run.errors)
      .filter((error, at, all) => all.findIndex((other) => isDeepStrictEqual(other, error)) === at),
  };
}

const earliest = (times: (string | undefined)[]): string | undefined =>
  times.filter((time) => time !== undefined).toSorted()[0];

function added(sums: Sums[]): Sums {
  const of = (take: (one: Sums) => number): number => sums.reduce((sum, one) => sum + take(one), 0);
  const known = of((one) => one.known ?? 0);
  return {
    selected: of((one) => one.selected),
    passed: of((one) => one.passed),
    failed: of((one) => one.failed),
    skipped: of((one) => one.skipped),
    notRun: of((one) => one.notRun),
    ...(known > 0 && { known }),
  };
}

/** Of memory the most that one of them had: they need not be on one machine, nor at the same time. */
function costOfAll(costs: Cost[]): Cost | undefined {
  if (costs.length === 0) return undefined;
  return {
    cpuMs: costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    memoryMb: Math.max(...costs.map(({ memoryMb }) => memoryMb)),
    apiCalls: costs.reduce((sum, { apiCalls }) => sum + apiCalls, 0),
    files: costs.flatMap(({ files }) => files).toSorted((a, b) => (a.file < b.file ? -1 : 1)),
  };
}

/** @throws Problem unless each shard is there, and there once */
function demandAllShards(parts: ShardRun[]): void {
  const whole = parts.find(({ run }) => run.shard === undefined);
  if (whole)
    throw notOne(parts, `${whole.from} is no shard`, 'it was run without --shard, and is a whole run');
  const shards = parts.map(({ run }) => run.shard as Shard);
  const count = Math.max(...shards.map((shard) => shard.count));
  const other = shards.findIndex((shard) => shard.count !== count);
  if (other !== -1) {
    const got = `${parts[other]?.from} is one of ${shards[other]?.count} shards, and another is one of ${count}`;
    throw notOne(parts, got, 'they are of two runs');
  }
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter(
    (index) => !shards.some((shard) => shard.index === index),
  );
  if (missing.length > 0) {
    const names = missing.map((index) => `${index}/${count}`).join(', ');
    throw notOne(
      parts,
      `shard ${names} is missing: its cases have no verdict`,
      'its process ended before it had one, or its folder was not handed on',
    );
  }
  const twice = parts.find(
    ({ run }, at) => parts.findIndex((each) => each.run.shard?.index === run.shard?.index) !== at,
  );
  if (twice) {
    const { index } = twice.run.shard as Shard;
    const both = parts.filter(({ run }) => run.shard?.index === index).map(({ from }) => from);
    throw notOne(
      parts,
      `shard ${index}/${count} is there ${both.length} times: ${both.join(', ')}`,
      'a folder is named twice, or was copied',
    );
  }
}

/** @throws Problem when something says that the shards are not of one run */
function demandOneRun(parts: ShardRun[]): void {
  const [first, ...others] = parts as [ShardRun, ...ShardRun[]];
  for (const { from, run } of others) {
    for (const [what, take] of Object.entries(common)) {
      const [one, two] = [take(first.run), take(run)];
      if (isDeepStrictEqual(one, two)) continue;
      const got = `${what} differ: ${JSON.stringify(one)} in ${first.from}, ${JSON.stringify(two)} in ${from}`;
      throw notOne(parts, got, 'they are of two runs');
    }
  }
  const ways = parts.flatMap(({ run }) => run.reach?.way ?? []);
  if (new Set(ways).size > 1) {
    throw notOne(
      parts,
      `their gateways were asked in several ways: ${ways.join(', ')}`,
      'they are of two runs',
    );
  }
  const gap =
    Math.max(...parts.map(({ run }) => Date.parse(run.startedAt))) -
    Math.min(...parts.map(({ run }) => Date.parse(run.endedAt)));
  if (gap > atMostApart) {
    throw notOne(
      parts,
      `${Math.round(gap / 3_600_000)} hours lie between two of them`,
      'a shard did not begin, and its folder has an earlier run',
    );
  }
  const ids = parts.flatMap(({ run }) => run.cases.map(({ id }) => id));
  const twice = [...Map.groupBy(ids, (id) => id)].find(([, { length }]) => length > 1)?.[0];
  const { selected } = first.run.shard as NonNullable<Run['shard']>;
  if (twice === undefined && ids.length === selected) return;
  throw notOne(
    parts,
    twice === undefined
      ? `they have ${ids.length} cases, and were to have ${selected}`
      : `two of them have the case ${twice}`,
    'the suites were changed between them',
  );
}

/** What all shards of a run have in common. */
const common: Record<string, (run: Run) => unknown> = {
  'their targets': ({ target }) => target,
  'their filters': ({ filters }) => filters,
  'their numbers of cases in all': ({ shard }) => shard?.selected,
};

const notOne = (parts: ShardRun[], got: string, cause: string): Problem =>
  new Problem({
    asked: `make one run of ${parts.map(({ from }) => from).join(', ')}`,
    got,
    cause,
    next: 'run all shards anew, with the same options: npm test -- --shard 1/2, npm test -- --shard 2/2',
  });
