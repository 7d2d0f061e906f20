import type { ComparedCase, Comparison, Kind } from './comparison.ts';
import { kinds } from './comparison.ts';
import type { KnownCase } from './known-failures.ts';
import type { Slower } from './spread.ts';

/** A part of the report, for people: whatever shows it adds only its own marks. */
export interface Section {
  title: string;
  /** Cases that are told one by one. */
  rows: Row[];
  /** What is told of the others, each with the number of its cases. */
  counted: [string, number][];
}

export interface Row {
  id: string;
  /** `passed → failed` */
  change: string;
  /** `0.90 (1 of 20 failed)`; absent where no run judged it. */
  health?: string;
  /** What is to be said, by what it is. */
  says: [string, string][];
  link?: string;
}

export const titles: Record<Kind, string> = {
  'newly-failing': 'Newly failing',
  'still-failing': 'Still failing',
  flaky: 'Flaky',
  slower: 'Slower',
  'newly-skipped': 'Newly skipped',
  'no-longer-run': 'No longer run',
  'known-failing': 'Still failing (known)',
  fixed: 'Fixed',
  new: 'New',
  'not-comparable': 'Not comparable',
  unchanged: 'Unchanged',
};

/** The parts that have something to say, the worst first. */
export function sectionsOf({ cases, known }: Comparison): Section[] {
  const ofKinds = kinds
    .filter((kind) => kind !== 'unchanged')
    .map((kind) =>
      section(
        kind,
        cases.filter((one) => one.kind === kind),
      ),
    );
  return [
    ...ofKinds,
    {
      title: 'Known failures that pass now: their entries can go',
      rows: known.passing.map(entryRow),
      counted: [],
    },
    { title: 'Known failures whose entries have expired', rows: known.expired.map(entryRow), counted: [] },
  ].filter(({ rows, counted }) => rows.length + counted.length > 0);
}

/** `2 newly failing, 1 fixed, 335 unchanged`: kinds without a case are left out. */
export const sumsLine = ({ sums }: Comparison): string =>
  kinds
    .filter((kind) => sums[kind] > 0)
    .map((kind) => `${sums[kind]} ${titles[kind].toLowerCase()}`)
    .join(', ');

/** What times were compared with, or why they were not. */
export function timesText({ times: { runs, because, pace } }: Comparison): string {
  const ofPace = pace === undefined ? [] : [`cases took ${pace.toFixed(2)} times as long as usual (median)`];
  const what =
    because === undefined ? `compared with ${runs} earlier runs` : `nothing is called slower: ${because}`;
  return [what, ...ofPace].join('; ');
}

/** `no regression`, or what there is against the new run. */
export function outcomeText({ outcome: { failOn, passed, because } }: Comparison): string {
  if (!passed) return `Not as it should be: ${because.join('; ')}`;
  return failOn === 'never' ? 'Whatever was found, it was not to fail' : `Nothing to fail on (${failOn})`;
}

/** `2026-11-24 02:00` */
export const minuteOf = (time: string): string => time.slice(0, 16).replace('T', ' ');

/** By what cases of a kind are counted instead of told one by one, and from how many of one group on. */
const grouping: Partial<Record<Kind, { by: (one: ComparedCase) => string; from: number }>> = {
  'newly-skipped': { by: ({ because = '' }) => because, from: 6 },
  'no-longer-run': { by: ({ because = '' }) => because, from: 6 },
  new: { by: ({ file }) => file, from: 1 },
  'not-comparable': { by: ({ because = '' }) => because, from: 1 },
};

/** A case that failed is always told. */
function section(kind: Kind, cases: ComparedCase[]): Section {
  const { by, from } = grouping[kind] ?? { by: () => '', from: Number.POSITIVE_INFINITY };
  const groups = Map.groupBy(
    cases.filter(({ now }) => now !== 'failed'),
    by,
  );
  const counted = new Map([...groups].filter(([, { length }]) => length >= from));
  return {
    title: titles[kind],
    rows: cases.filter((one) => one.now === 'failed' || !counted.has(by(one))).map(rowOf),
    counted: [...counted].map(([what, { length }]) => [what, length]),
  };
}

function rowOf({ id, old, now, because, failure, slower, known, health }: ComparedCase): Row {
  return {
    id,
    change: `${spoken(old)} → ${spoken(now)}`,
    ...(health && { health: `${health.value.toFixed(2)} (${health.failed} of ${health.runs} failed)` }),
    says: [
      ...(because ? [['why', because] as [string, string]] : []),
      ...(known ? [['known', `${known.reason}, until ${known.expires}`] as [string, string]] : []),
      ...(slower ? [['slower', slowerText(slower)] as [string, string]] : []),
      ...Object.entries(failure ?? {}),
    ],
    ...(known && { link: known.link }),
  };
}

const entryRow = ({ id, known: { implementation, versions, reason, link, expires } }: KnownCase): Row => ({
  id,
  change: `${implementation} ${versions}`,
  says: [['known', `${reason}, until ${expires}`]],
  link,
});

const slowerText = ({ what, took, median, limit, runs }: Slower): string =>
  `${what === 'durationMs' ? 'it' : what} took ${seconds(took)}; ${seconds(median)} is usual, and up to ${seconds(limit)} is explained by ${runs} runs`;

const spoken = (verdict: ComparedCase['old']): string =>
  verdict === undefined ? 'not there' : verdict === 'not-run' ? 'not run' : verdict;

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
