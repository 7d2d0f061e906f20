import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Comparison, Kind } from './comparison.ts';
import schema from './policy.schema.json' with { type: 'json' };
import type { SlowerRule } from './spread.ts';
import { readYaml } from './yaml.ts';

const file = fileURLToPath(new URL('../policy.yaml', import.meta.url));

/** What can be bad about a comparison. */
type Bad =
  | Extract<Kind, 'newly-failing' | 'still-failing' | 'flaky' | 'slower' | 'newly-skipped' | 'no-longer-run'>
  | 'known-passing'
  | 'known-expired';

/** What a comparison goes by: reports/policy.yaml. */
export interface Policy {
  /** How many of the newest runs health, flakiness and the spread of times are taken from. */
  runs: number;
  slower: SlowerRule & {
    /** How many times as long as usual the cases of a run may take, as a median. */
    pace: number;
  };
  /** How many cases there may be of a kind before the comparison fails; a kind that is absent never fails it. */
  thresholds: Partial<Record<Bad, number>>;
}

export const failOnChoices = ['regression', 'any', 'never'] as const;
/** `regression`: what the thresholds do not allow. `any`: whatever is not well. */
export type FailOn = (typeof failOnChoices)[number];

/** @throws Problem when it is not as policy.schema.json says */
export function readPolicy(path = file): Policy {
  return readYaml(readFileSync(path, 'utf8'), schema, relative(process.cwd(), path));
}

/**
 * Why the comparison fails.
 * @returns clauses; none when it does not
 */
export function objections(
  comparison: Omit<Comparison, 'outcome'>,
  failOn: FailOn,
  { thresholds, slower }: Policy,
): string[] {
  if (failOn === 'never') return [];
  const counts = badCounts(comparison);
  const over = (Object.entries(counts) as [Bad, number][]).flatMap(([kind, count]) => {
    const allowed = failOn === 'any' ? 0 : (thresholds[kind] ?? Number.POSITIVE_INFINITY);
    return count > allowed ? [`${kind}: ${count}, and ${allowed} are allowed`] : [];
  });
  return [
    ...(comparison.judgedInBoth === 0 ? ['no case was judged in both runs: nothing was compared'] : []),
    ...over,
    ...tooSlow(comparison.times, slower),
    ...(failOn === 'any' ? otherObjections(comparison) : []),
  ];
}

function badCounts({ sums, known }: Omit<Comparison, 'outcome'>): Record<Bad, number> {
  return {
    'newly-failing': sums['newly-failing'],
    'still-failing': sums['still-failing'],
    flaky: sums.flaky,
    slower: sums.slower,
    'newly-skipped': sums['newly-skipped'],
    'no-longer-run': sums['no-longer-run'],
    'known-passing': known.passing.length,
    'known-expired': known.expired.length,
  };
}

/** A run that is slow as a whole is one finding, and not one for each of its cases. */
function tooSlow({ pace = 1, because }: Comparison['times'], slower: Policy['slower']): string[] {
  return because === undefined && pace > slower.pace
    ? [`cases took ${pace.toFixed(2)} times as long as usual, and ${slower.pace} times are allowed`]
    : [];
}

/** What no threshold is about: it is bad in the new run alone, not by comparison. */
function otherObjections({ cases, new: { errors, interrupted } }: Omit<Comparison, 'outcome'>): string[] {
  const failing = cases.filter(
    ({ kind, now }) => now === 'failed' && (kind === 'new' || kind === 'not-comparable'),
  ).length;
  return [
    ...(failing > 0 ? [`failing, with nothing to compare with: ${failing}`] : []),
    ...(errors.length > 0 ? [`errors outside of any case: ${errors.length}`] : []),
    ...(interrupted ? [`the new run was interrupted by ${interrupted}`] : []),
  ];
}
