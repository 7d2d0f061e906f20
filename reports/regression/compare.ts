import { isSelected } from '../catalogue.ts';
import type { CaseResult, Run } from '../run.ts';
import { type ComparedCase, type Comparison, type Kind, kinds, type RunHead } from './comparison.ts';
import { type Health, healthOf, PastResults } from './health.ts';
import { hasExpired, type KnownFailure, knownFor, outdatedIn } from './known-failures.ts';
import { Paces } from './pace.ts';
import { type FailOn, objections, type Policy } from './policy.ts';
import { limitOf, type Slower } from './spread.ts';
import {
  implementationOf,
  sameCRDs,
  sameLine,
  sameTarget,
  timingObstacles,
  versionPairs,
} from './targets.ts';

/** What a comparison goes by, beside the two runs. */
export interface Grounds {
  /** Other runs, in any order; the two may be among them. */
  history: Run[];
  known: KnownFailure[];
  policy: Policy;
  failOn: FailOn;
  /** The day that known failures expire by. */
  at: Date;
}

/** Compares two runs case by case. Every case of either is in the result once, and is of one kind. */
export function compare(old: Run, now: Run, grounds: Grounds): Comparison {
  const { known, policy, failOn, at } = grounds;
  const past = new Past(old, now, grounds);
  const [before, after] = [old, now].map(({ cases }) => new Map(cases.map((one) => [one.id, one])));
  const ids = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].toSorted();
  const cases = ids.map((id): ComparedCase => {
    const [was, is] = [before?.get(id), after?.get(id)];
    const { kind, ...why } = kindOf({ was, is, old, now, known, past, at });
    const { title, file } = (is ?? was) as CaseResult;
    const health = past.health(id);
    return {
      id,
      title,
      file,
      kind,
      ...(was && { old: was.verdict }),
      ...(is && { now: is.verdict }),
      ...why,
      ...failureOf(is),
      ...(health && { health }),
    };
  });
  const compared: Omit<Comparison, 'outcome'> = {
    format: 1,
    old: headOf(old),
    new: headOf(now),
    versions: versionPairs(old, now),
    differences: differencesOf(old, now),
    times: past.times(),
    sums: Object.fromEntries(
      kinds.map((kind) => [kind, cases.filter((one) => one.kind === kind).length]),
    ) as Record<Kind, number>,
    judgedInBoth: cases.filter(({ old: was, now: is }) => isJudged(was) && isJudged(is)).length,
    cases,
    known: outdatedIn(now, known, at),
  };
  const because = objections(compared, failOn, policy);
  return { ...compared, outcome: { failOn, passed: because.length === 0, because } };
}

/** What earlier runs tell of the cases. */
class Past {
  /** Runs of the new run's implementation on its cluster, up to that one, in whatever versions. */
  readonly #line: PastResults;
  /** Those of them in the same versions. */
  readonly #target: PastResults;
  readonly #times: PastResults;
  readonly #paces: Paces;
  readonly #obstacles: string[];
  readonly #runs: number;
  readonly #policy: Policy;

  constructor(old: Run, now: Run, { history, policy }: Pick<Grounds, 'history' | 'policy'>) {
    const all = [...new Map([...history, old, now].map((run) => [run.id, run])).values()].toSorted((a, b) =>
      a.id < b.id ? -1 : 1,
    );
    const newest = (runs: Run[]) => runs.slice(-policy.runs);
    const upToNow = all.filter((run) => run.id <= now.id && sameLine(run, now));
    this.#line = new PastResults(upToNow);
    this.#target = new PastResults(upToNow.filter((run) => sameTarget(run, now)));
    this.#obstacles = timingObstacles(old, now);
    const timed = all.filter(
      (run) => run.id <= old.id && run.id !== now.id && timingObstacles(run, now).length === 0,
    );
    const inOneVersion = timed.filter((run) => sameTarget(run, old));
    const base = newest(inOneVersion.length < policy.slower.runs ? timed : inOneVersion);
    this.#runs = base.length;
    this.#times = new PastResults(base);
    this.#paces = new Paces(now.cases, (id) => this.#passed(id));
    this.#policy = policy;
  }

  health(id: string): Health | undefined {
    return this.#healthIn(this.#line, id);
  }

  /** Several verdicts on the very same target: how many, in words. */
  flaky(id: string): string | undefined {
    const health = this.#healthIn(this.#target, id);
    if (!health || health.flips < 2) return undefined;
    return `${health.failed} of the last ${health.runs} runs on this very target failed`;
  }

  /** The first time of the case that the history does not explain: milestones come before the whole. */
  slower(is: CaseResult): Slower | undefined {
    if (this.#obstacles.length > 0) return undefined;
    const earlier = this.#passed(is.id);
    const pace = Math.max(1, this.#paces.besides(is.file) ?? 1);
    for (const [what, take] of timesOf(is)) {
      const took = take(is);
      const limit = limitOf(
        earlier.map(take).filter((time) => time !== undefined),
        this.#policy.slower,
      );
      if (took === undefined || !limit) continue;
      const most = limit.limit * pace;
      if (took > most) return { what, took, ...limit, limit: most };
    }
    return undefined;
  }

  times(): Comparison['times'] {
    const { runs } = this.#policy.slower;
    if (this.#obstacles.length > 0) return { runs: 0, because: this.#obstacles.join('; ') };
    const few =
      this.#runs < runs ? { because: `${this.#runs} of the ${runs} earlier runs that it takes` } : {};
    const pace = this.#paces.besides(undefined);
    return { runs: this.#runs, ...few, ...(pace !== undefined && { pace }) };
  }

  /** Earlier results of the case whose times can be compared with the new one. */
  #passed(id: string): CaseResult[] {
    return this.#times.of(id).filter((one) => one?.verdict === 'passed') as CaseResult[];
  }

  #healthIn(results: PastResults, id: string): Health | undefined {
    const verdicts = results.of(id).map((one) => one?.verdict);
    return healthOf(verdicts, this.#policy.runs);
  }
}

type Take = (one: CaseResult) => number | undefined;

/** Milestones in the order in which they are reached, and the whole. */
function timesOf({ milestones }: CaseResult): [string, Take][] {
  const reached = Object.entries(milestones).toSorted(([, a], [, b]) => a - b) as [
    keyof CaseResult['milestones'],
    number,
  ][];
  return [
    ...reached.map(([name]): [string, Take] => [name, (one) => one.milestones[name]]),
    ['durationMs', (one) => one.durationMs],
  ];
}

interface Pair {
  was: CaseResult | undefined;
  is: CaseResult | undefined;
  old: Run;
  now: Run;
  known: KnownFailure[];
  past: Past;
  at: Date;
}

type Finding = Pick<ComparedCase, 'kind' | 'because' | 'slower' | 'known'>;

function kindOf(pair: Pair): Finding {
  const { was, is, old, now } = pair;
  if (!is) return was ? goneOf(was, now) : { kind: 'not-comparable' };
  if (!was) {
    return isSelected(is, old.filters)
      ? { kind: 'new', ...reasonOf(is) }
      : { kind: 'not-comparable', because: 'the old run did not select it' };
  }
  switch (is.verdict) {
    case 'not-run':
      return was.verdict === 'not-run'
        ? { kind: 'not-comparable', because: 'run in neither' }
        : { kind: 'no-longer-run', ...reasonOf(is) };
    case 'skipped':
      return skippedOf(was, is, pair);
    case 'failed':
      return failedOf(was, is, pair);
    case 'passed':
      return passedOf(was, is, pair);
  }
}

function goneOf(was: CaseResult, now: Run): Finding {
  if (!isSelected(was, now.filters)) {
    return { kind: 'not-comparable', because: 'the new run did not select it' };
  }
  const whole = now.cases.find((one) => one.file === was.file && one.verdict === 'not-run' && !one.dialect);
  return { kind: 'no-longer-run', because: whole?.reason ?? 'the suite does not have it any more' };
}

function skippedOf(was: CaseResult, is: CaseResult, { old, now }: Pair): Finding {
  if (was.verdict === 'skipped') return { kind: 'unchanged' };
  if (was.verdict === 'not-run') return { kind: 'new', ...reasonOf(is) };
  const lacking = is.features.filter((name) => now.target.features.untestable.includes(name));
  if (lacking.length > 0 && !sameCRDs(old, now)) {
    return { kind: 'not-comparable', because: `the new run's CRDs have no room for ${lacking.join(', ')}` };
  }
  if (implementationOf(old).name !== implementationOf(now).name) {
    return { kind: 'not-comparable', because: 'the new run is of another implementation, and skipped it' };
  }
  return { kind: 'newly-skipped', ...reasonOf(is) };
}

function failedOf(was: CaseResult, is: CaseResult, { now, known, past, at }: Pair): Finding {
  const entry = knownFor(known, now, is.id);
  if (entry && !hasExpired(entry, at)) {
    const { reason, link, expires } = entry;
    return { kind: 'known-failing', known: { reason, link, expires } };
  }
  const flaky = past.flaky(is.id);
  if (flaky !== undefined) return { kind: 'flaky', because: flaky };
  return { kind: was.verdict === 'failed' ? 'still-failing' : 'newly-failing' };
}

function passedOf(was: CaseResult, is: CaseResult, { past }: Pair): Finding {
  const flaky = past.flaky(is.id);
  if (flaky !== undefined) return { kind: 'flaky', because: flaky };
  if (!isJudged(was.verdict)) return { kind: 'new' };
  if (was.verdict === 'failed') return { kind: 'fixed' };
  const slower = past.slower(is);
  return slower ? { kind: 'slower', slower } : { kind: 'unchanged' };
}

/** In what the runs differ beside the versions, which head the report. */
function differencesOf(old: Run, now: Run): string[] {
  const obstacles = timingObstacles(old, now);
  const other = implementationOf(old).name !== implementationOf(now).name;
  return [
    ...obstacles,
    ...(other ? ['what differs between two implementations is no regression of either'] : []),
    ...(obstacles.length > 0 ? ['times are not compared'] : []),
    ...[old, now].flatMap(({ interrupted }, at) =>
      interrupted ? [`the ${at === 0 ? 'old' : 'new'} run was interrupted by ${interrupted}`] : [],
    ),
  ];
}

const isJudged = (verdict: CaseResult['verdict'] | undefined): boolean =>
  verdict === 'passed' || verdict === 'failed';

const reasonOf = ({ reason }: CaseResult): { because?: string } => (reason ? { because: reason } : {});

function failureOf(is: CaseResult | undefined): Pick<ComparedCase, 'failure'> {
  if (is?.verdict !== 'failed') return {};
  const { expected = '', got = '', cause = '' } = is;
  return { failure: { expected, got, cause } };
}

const headOf = ({ id, startedAt, interrupted, sums, errors }: Run): RunHead => ({
  id,
  startedAt,
  ...(interrupted && { interrupted }),
  sums,
  errors,
});
