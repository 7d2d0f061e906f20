import type { CatalogueCase } from '../catalogue.ts';
import { type Judged, type OfficialCase, officialVerdicts } from '../conformance/official.ts';
import type { CaseResult, Milestones, Run } from '../run.ts';
import type { OfficialVerdict } from './output.ts';

/** How many times as fast as the official suite the project promises to be, at the same cases. */
export const promisedRatio = 4;

/** An official case, as both suites judged it. */
interface ComparedCase {
  /** Its short name. */
  name: string;
  official: Omit<OfficialVerdict, 'name'>;
  ours: {
    /** The worst of the cases that mirror it. */
    verdict: Judged;
    /** How many cases mirror it, and how many of them passed. */
    cases: number;
    passed: number;
    /** Of the slowest one. They run at the same time. */
    seconds: number;
    /** The latest of each. */
    milestones: Milestones;
    /** Of the first case that did not pass. */
    reason?: string;
  };
  /** Whether both suites have come to a verdict, and to the same. */
  agrees: boolean;
}

/** What a suite took, from the start of its command to its end. */
export interface Effort {
  /** Wall time. */
  seconds: number;
  /** Seconds that all the machine's processors were busy, whoever kept them so. */
  busy: number;
}

/** Both suites on the same official cases. */
export interface Comparison {
  cases: ComparedCase[];
  seconds: { official: number; ours: number };
  busy: { official: number; ours: number };
  /** How many times as fast ours was. */
  ratio: number;
}

/** Which official cases can be compared, and why the others cannot. */
export interface Selection {
  compared: string[];
  /** Short names by the reason. */
  left: Map<string, string[]>;
}

/**
 * Chooses the official cases that both suites can judge here.
 * @param official the cases of the release that the official suite is of
 * @param words parts of short names; upper and lower case are one; none choose every case
 */
export function selectOfficial(
  official: OfficialCase[],
  catalogue: CatalogueCase[],
  { supported, untestable }: Run['target']['features'],
  words: string[],
): Selection {
  const mirrored = new Set(catalogue.map(({ official: name }) => name));
  const because = ({ name, features }: OfficialCase): string | undefined => {
    if (!mirrored.has(name)) return 'not mirrored here';
    if (!features.every((feature) => supported.includes(feature)))
      return 'the implementation has not its features';
    if (features.some((feature) => untestable.includes(feature)))
      return 'the CRDs have no room for its features';
    return undefined;
  };
  const chosen = official.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase())),
  );
  const byReason = Map.groupBy(chosen, because);
  const compared = namesOf(byReason.get(undefined));
  byReason.delete(undefined);
  return {
    compared,
    left: new Map([...byReason].map(([reason, cases]) => [reason ?? '', namesOf(cases)])),
  };
}

const namesOf = (cases: OfficialCase[] = []): string[] => cases.map(({ name }) => name).toSorted();

const notReached = { verdict: 'skipped', seconds: 0, reason: 'the official suite ended before it' } as const;

/**
 * Lays the verdicts side by side. A case that one of the suites has not judged counts as skipped, for that reason.
 * @param names the official cases that both were asked for
 */
export function compare(
  names: string[],
  official: { verdicts: OfficialVerdict[] } & Effort,
  ours: { run: Run } & Effort,
): Comparison {
  const judged = officialVerdicts(ours.run, ours.run.cases);
  const mirrors = Map.groupBy(ours.run.cases, ({ official: name = '' }) => name);
  const cases = names.map((name): ComparedCase => {
    const found = official.verdicts.find((each) => each.name === name);
    const { name: _, ...theirs } = found ?? { name, ...notReached };
    const mirroring = mirrors.get(name) ?? [];
    const verdict = judged.get(name) ?? 'skipped';
    const cameToOne = found !== undefined && mirroring.every((one) => one.verdict !== 'not-run');
    return {
      name,
      official: theirs,
      ours: sumUp(mirroring, verdict),
      agrees: cameToOne && theirs.verdict === verdict,
    };
  });
  return {
    cases,
    seconds: { official: official.seconds, ours: ours.seconds },
    busy: { official: official.busy, ours: ours.busy },
    ratio: official.seconds / ours.seconds,
  };
}

function sumUp(mirroring: CaseResult[], verdict: Judged): ComparedCase['ours'] {
  const bad = mirroring.filter((one) => one.verdict !== 'passed');
  const first = bad.find((one) => one.verdict === 'failed') ?? bad[0];
  const reason = first && (first.verdict === 'failed' ? `${first.id}: ${first.cause}` : first.reason);
  const milestones: Milestones = {};
  for (const { milestones: each } of mirroring) {
    for (const [name, at] of Object.entries(each) as [keyof Milestones, number][]) {
      milestones[name] = Math.max(milestones[name] ?? 0, at);
    }
  }
  return {
    verdict,
    cases: mirroring.length,
    passed: mirroring.length - bad.length,
    seconds: Math.max(0, ...mirroring.map(({ durationMs }) => durationMs)) / 1_000,
    milestones,
    ...(reason && { reason }),
  };
}
