import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { distance } from 'fastest-levenshtein';
import { coerce, intersects, satisfies, validRange } from 'semver';
import type { CatalogueCase } from '../catalogue.ts';
import type { CaseResult, Run } from '../run.ts';
import schema from './known-failures.schema.json' with { type: 'json' };
import { implementationOf } from './targets.ts';
import { readYaml, unreadable } from './yaml.ts';

const file = fileURLToPath(new URL('../known-failures.yaml', import.meta.url));

/** Cases that are known to fail on some targets: an entry of reports/known-failures.yaml. */
export interface KnownFailure {
  /** Ids. */
  cases: string[];
  /** Name of the implementation that they fail on, as `npm test` prints it. */
  implementation: string;
  /** Its versions, as npm writes ranges. */
  versions: string;
  /** What it does instead, in a sentence. */
  reason: string;
  /** Where that is said: an issue, or the section of the specification. */
  link: string;
  /** Last day, in UTC, on which the entry counts. */
  expires: string;
}

/** An entry and a case of a run that it is about. */
export interface KnownCase {
  id: string;
  known: KnownFailure;
}

/**
 * Reads the list of known failures.
 * @throws Problem that names every entry which cannot be right
 */
export function knownFailures(path = file): KnownFailure[] {
  const name = relative(process.cwd(), path);
  return parseKnownFailures(readFileSync(path, 'utf8'), name);
}

/** @throws Problem, as knownFailures */
export function parseKnownFailures(text: string, name: string): KnownFailure[] {
  const entries = readYaml<KnownFailure[] | null>(text, schema, name) ?? [];
  const wrong = entries.flatMap(({ cases, versions, expires }, at) => [
    ...(validRange(versions) === null
      ? [`entry ${at + 1}, versions must be a range as npm writes them (">=1.30 <1.32"), not "${versions}"`]
      : []),
    ...(isDay(expires) ? [] : [`entry ${at + 1}, expires must be a day of the calendar, not "${expires}"`]),
    ...cases
      .filter((id) => entries.slice(0, at).some((other) => overlap(other, entries[at], id)))
      .map((id) => `entry ${at + 1} has ${id}, which an entry above has for some of the same versions`),
  ]);
  if (wrong.length > 0) throw unreadable(name, wrong);
  return entries;
}

/**
 * @param catalogue all cases that there are
 * @throws Problem for an entry about a case that there is not: it was renamed, and fails unexcused, or is gone
 */
export function demandKnownCases(
  list: KnownFailure[],
  catalogue: Pick<CatalogueCase, 'id'>[],
  name = relative(process.cwd(), file),
): void {
  const ids = catalogue.map(({ id }) => id);
  const there = new Set(ids);
  const gone = list.flatMap(({ cases }, at) =>
    cases
      .filter((id) => !there.has(id))
      .map(
        (id) => `entry ${at + 1} is about ${id}: there is no such case; the nearest is ${nearest(id, ids)}`,
      ),
  );
  if (gone.length > 0) throw unreadable(name, gone);
}

/** The entry about the case on the run's target, expired or not. */
export function knownFor(
  list: KnownFailure[],
  run: Pick<Run, 'target'>,
  id: string,
): KnownFailure | undefined {
  const { name, version } = implementationOf(run);
  return list.find(
    ({ cases, implementation, versions }) =>
      cases.includes(id) &&
      implementation.toLowerCase() === name.toLowerCase() &&
      isWithin(version, versions),
  );
}

/** Whether the day that the entry counts on last is over. */
export const hasExpired = ({ expires }: Pick<KnownFailure, 'expires'>, at: Date): boolean =>
  at.toISOString().slice(0, 10) > expires;

/** Ids of the cases that are known to fail on the target, at a time. */
export function knownOn(list: KnownFailure[], run: Pick<Run, 'target'>, at: Date): string[] {
  return list.flatMap(({ cases }) => cases).filter((id) => excuseFor(list, run, id, at) !== undefined);
}

/** The entry about the case on the run's target that counts at that time. */
function excuseFor(
  list: KnownFailure[],
  run: Pick<Run, 'target'>,
  id: string,
  at: Date,
): KnownFailure | undefined {
  const known = knownFor(list, run, id);
  return known && !hasExpired(known, at) ? known : undefined;
}

/** The failed case, with what is known of its failure; any other as it is. */
export function markCase(
  one: CaseResult,
  list: KnownFailure[],
  run: Pick<Run, 'target'>,
  at: Date,
): CaseResult {
  if (one.verdict !== 'failed') return one;
  const known = excuseFor(list, run, one.id, at);
  if (!known) return one;
  const { reason, link, expires } = known;
  return { ...one, known: { reason, link, expires } };
}

/** The run with its known failures marked, and counted in its sums. */
export function markKnown(run: Run, list: KnownFailure[]): Run {
  const cases = run.cases.map((one) => markCase(one, list, run, new Date(run.startedAt)));
  const known = cases.filter((one) => one.known).length;
  return known === 0 ? run : { ...run, cases, sums: { ...run.sums, known } };
}

/** Entries that need a hand: their case passes, or they have expired. */
export function outdatedIn(
  { cases, target }: Pick<Run, 'cases' | 'target'>,
  list: KnownFailure[],
  at: Date,
): { passing: KnownCase[]; expired: KnownCase[] } {
  const judged = cases.flatMap(({ id, verdict }) => {
    const known = knownFor(list, { target }, id);
    return known ? [{ id, verdict, known }] : [];
  });
  const plain = ({ id, known }: KnownCase): KnownCase => ({ id, known });
  return {
    passing: judged.filter(({ verdict }) => verdict === 'passed').map(plain),
    expired: judged.filter(({ verdict, known }) => verdict !== 'passed' && hasExpired(known, at)).map(plain),
  };
}

/** What is built on the way to a release counts as that release. */
function isWithin(version: string | undefined, range: string): boolean {
  const release = coerce(version);
  return release === null ? range === '*' : satisfies(release, range);
}

const overlap = (a: KnownFailure, b: KnownFailure | undefined, id: string): boolean =>
  b !== undefined &&
  a.cases.includes(id) &&
  a.implementation.toLowerCase() === b.implementation.toLowerCase() &&
  validRange(a.versions) !== null &&
  validRange(b.versions) !== null &&
  intersects(a.versions, b.versions);

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const nearest = (id: string, ids: string[]): string | undefined =>
  ids.toSorted((a, b) => distance(id, a) - distance(id, b))[0];
