import type { CatalogueCase } from './catalogue.ts';
import { now } from './clock.ts';
import type { CaseResult, Cost, Run, RunError, Sums, Verdict } from './run.ts';
import { withoutSecrets } from './secrets.ts';

/** What a run is about. */
export type Heading = Pick<Run, 'id' | 'filters' | 'shard' | 'target' | 'reach'> &
  Record<'startedAt' | 'readyAt', Date> & {
    /** What the runner took; the requests of suite files are not yet among its own. */
    cost?: Omit<Cost, 'files'>;
  };

/**
 * Keeps the account of a run: every selected case exactly once, from the moment it is known.
 * What has no verdict when the account is closed was not run, so the sums add up however the run ended.
 */
export class Ledger {
  readonly #cases = new Map<string, CatalogueCase>();
  readonly #results = new Map<string, CaseResult>();
  readonly #begun = new Set<string>();
  readonly #unrun = new Map<string, string>();
  readonly #errors: RunError[] = [];
  readonly #calls = new Map<string, number>();
  #firstCaseAt: Date | undefined;
  #interrupted: Run['interrupted'];

  /** Enters a selected case; entering it again changes nothing. */
  select(known: CatalogueCase): void {
    if (!this.#cases.has(known.id)) this.#cases.set(known.id, known);
  }

  /** Notes that a case began; once interrupted, vitest only goes through the motions. */
  began(id: string): void {
    if (this.#interrupted) return;
    this.#firstCaseAt ??= now();
    this.#begun.add(id);
  }

  /**
   * Enters a case's result, without what lets somebody in. The first one counts.
   * @param excuse why a failure says nothing about the target, if so
   * @returns what was entered, or undefined when the case had a result already
   */
  record(result: CaseResult, excuse?: string): CaseResult | undefined {
    if (this.#results.has(result.id)) return undefined;
    this.select(result);
    // waits and requests are aborted by the interrupt: what fails from then on was not judged
    const why = this.#interrupted ? `interrupted by ${this.#interrupted} while it ran` : excuse;
    const entered = withoutSecrets(
      why !== undefined && result.verdict === 'failed' ? notRun(result, why, result) : result,
    );
    this.#results.set(entered.id, entered);
    return entered;
  }

  /** Says why a case will have no result. The first reason counts. */
  explain(id: string, reason: string): void {
    if (!this.#unrun.has(id)) this.#unrun.set(id, reason);
  }

  /** Notes how many requests a suite file has sent to the API server so far. */
  called(file: string, apiCalls: number): void {
    this.#calls.set(file, apiCalls);
  }

  error(told: RunError): void {
    const error = withoutSecrets(told);
    const same = this.#errors.some(({ message, file }) => message === error.message && file === error.file);
    if (!same) this.#errors.push(error);
  }

  /** From here on nothing can fail any more: it can only pass, be skipped or not be run. */
  interrupt(signal: NonNullable<Run['interrupted']>): void {
    this.#interrupted ??= signal;
  }

  get interrupted(): Run['interrupted'] {
    return this.#interrupted;
  }

  /** The account as it stands; cases without a result are `not-run`. */
  run({ id, startedAt, readyAt, filters, shard, target, reach, cost }: Heading): Run {
    const cases = [...this.#cases.values()]
      .map((known) => this.#results.get(known.id) ?? notRun(known, this.#whyNot(known)))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return {
      format: 1,
      id,
      startedAt: startedAt.toISOString(),
      readyAt: readyAt.toISOString(),
      ...(this.#firstCaseAt && { firstCaseAt: this.#firstCaseAt.toISOString() }),
      endedAt: now().toISOString(),
      ...(this.#interrupted && { interrupted: this.#interrupted }),
      filters,
      ...(shard && { shard }),
      target,
      ...(reach && { reach }),
      ...(cost && { cost: this.#withFiles(cost) }),
      sums: sumsOf(cases),
      cases,
      errors: [...this.#errors],
    };
  }

  #withFiles(cost: Omit<Cost, 'files'>): Cost {
    const files = [...this.#calls].map(([file, apiCalls]) => ({ file, apiCalls }));
    return {
      ...cost,
      apiCalls: files.reduce((sum, { apiCalls }) => sum + apiCalls, cost.apiCalls),
      files: files.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    };
  }

  #whyNot({ id }: CatalogueCase): string {
    const known = this.#unrun.get(id);
    if (known !== undefined) return known;
    const begun = this.#begun.has(id);
    if (this.#interrupted) return `interrupted by ${this.#interrupted} ${begun ? 'while' : 'before'} it ran`;
    return begun ? 'it began and left no result: its worker ended' : 'it never began';
  }
}

function notRun(
  known: CatalogueCase,
  reason: string,
  { durationMs, milestones, attempts }: Pick<CaseResult, 'durationMs' | 'milestones' | 'attempts'> = {
    durationMs: 0,
    milestones: {},
    attempts: 0,
  },
): CaseResult {
  const { id, title, file, official, dialect, scenario, provisional, features, needs } = known;
  return {
    id,
    title,
    file,
    ...(official === undefined ? {} : { official }),
    ...(dialect === undefined ? {} : { dialect }),
    ...(scenario === undefined ? {} : { scenario }),
    ...(provisional === undefined ? {} : { provisional }),
    features,
    ...(needs === undefined ? {} : { needs }),
    verdict: 'not-run',
    reason,
    durationMs,
    milestones,
    attempts,
  };
}

function sumsOf(cases: CaseResult[]): Sums {
  const count = (verdict: Verdict): number => cases.filter((one) => one.verdict === verdict).length;
  return {
    selected: cases.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    notRun: count('not-run'),
  };
}

/** Whether every selected case was judged, none failed but those that are known to, and nothing went wrong beside. */
export function succeeded({ sums, errors, interrupted }: Run): boolean {
  return (
    sums.selected > 0 &&
    sums.failed === (sums.known ?? 0) &&
    sums.notRun === 0 &&
    errors.length === 0 &&
    interrupted === undefined
  );
}
