import type { RunnerTestCase } from 'vitest';
import { caseId } from '../reports/catalogue.ts';
import type { CaseFacts, CaseNotes, Failure, Step } from '../reports/run.ts';
import type { RunContext } from './context.ts';
import { diagnose } from './diagnose/diagnose.ts';
import type { Facts } from './diagnose/facts.ts';
import { failureOf, unexplained } from './diagnose/failure.ts';
import { noted } from './diagnose/noted.ts';
import { deletedPod, isLeaving } from './pods/deleted.ts';
import { podWithoutRoom } from './pods/room.ts';
import { reproFor } from './repro/for-case.ts';
import type { Asking } from './repro/questions.ts';
import type { Setup } from './setup/setup.ts';
import { defaultTimeouts } from './timeouts.ts';

/** A report that tells more of one case is read by nobody. */
const mostSteps = 40;

/** The case that a test is: what it stands on, and the notes that it leaves for the reports. */
export class Case {
  readonly task: Readonly<RunnerTestCase>;
  readonly signal: AbortSignal;
  readonly #facts: CaseFacts & Partial<CaseNotes>;
  /** What the case stands on; its evidence is taken from there. */
  readonly setups: Setup[] = [];
  /** Files of the case, relative to the run's folder, that belong to the evidence when it fails. */
  readonly exhibits: string[] = [];
  /** What came out wrong first, for a script that shows it. */
  wrong: Asking | undefined;
  readonly #longest: number;
  readonly #begun = performance.now();
  /** Whether what the case asserts is judged once more under faults. */
  readonly proves: boolean;
  #concluded: Promise<void> | undefined;

  constructor(
    task: Readonly<RunnerTestCase>,
    signal: AbortSignal,
    { known, timeouts, proves = false }: Pick<RunContext, 'known' | 'timeouts' | 'proves'>,
  ) {
    this.task = task;
    this.signal = signal;
    this.proves = proves;
    this.#longest = known.includes(idOf(task)) ? timeouts.known : Number.POSITIVE_INFINITY;
    // the facts are one object for all tests that declare them
    this.#facts = task.meta.conformance ?? undeclared(task);
    task.meta.conformance = { ...this.#facts, milestones: {}, attempts: 0 };
  }

  /** As the reports call it. */
  get id(): string {
    return idOf(this.task);
  }

  /** Kept in the task's meta, which others may replace by a copy: always asked for anew. */
  get notes(): CaseNotes {
    const { milestones = {}, attempts = 0, ...others } = this.task.meta.conformance ?? this.#facts;
    const notes = Object.assign(this.task.meta.conformance ?? {}, { ...others, milestones, attempts });
    this.task.meta.conformance = notes;
    return notes;
  }

  /** How long the case waits for what it asserts, of so many milliseconds: not so long when it is known to fail. */
  patience(timeout: number): number {
    return Math.min(timeout, this.#longest);
  }

  /** The same case for what is tried beside it: nothing that is noted there is in the reports. */
  aside(): Case {
    const { task, signal } = this;
    const { official, dialect, features } = this.notes;
    const facts = { dialect, features, ...(official !== undefined && { official }) };
    const other = Object.create(task, { meta: { value: { conformance: facts } } }) as Case['task'];
    return new Case(other, signal, { known: [], timeouts: defaultTimeouts });
  }

  /** Counts a fault that applies to the case, and whether an assertion noticed it. */
  prove(fault: string, noticed: boolean): void {
    const { applied, noticed: before, faults } = this.notes.proof ?? { applied: 0, noticed: 0, faults: [] };
    this.notes.proof = {
      applied: applied + 1,
      noticed: before + (noticed ? 1 : 0),
      faults: noticed ? [...new Set([...faults, fault])].toSorted() : faults,
    };
  }

  /** The command that runs the case once more. */
  get again(): string {
    return `npm test -- ${this.id}`;
  }

  /**
   * Gathers the evidence if the case has failed. To be called before anything of the case is deleted; what a later
   * call would gather is what the first one has.
   */
  conclude(): Promise<void> {
    this.#concluded ??= this.#conclude();
    return this.#concluded;
  }

  async #conclude(): Promise<void> {
    const { task, setups, exhibits } = this;
    // why a known failure fails is listed with it
    if (task.result?.state !== 'fail' || Number.isFinite(this.#longest)) return;
    const [setup] = setups;
    const failure = this.notes.failure ?? failureOf(task.result.errors?.[0], this.again);
    if (!failure || !setup) return;
    // known already: an evidence that cannot be had must not cost the reason
    this.notes.failure = { ...failure, evidence: exhibits };
    const [script, ...looks] = await Promise.all([
      reproFor(this, { setup, got: failure.got }),
      ...setups.map((each) => each.evidence()),
    ]);
    if (failure.cause === unexplained) {
      const [first] = looks.flatMap(({ facts }) => diagnose(facts));
      Object.assign(failure, noted(first, unexplained));
    }
    this.notes.failure = {
      ...failure,
      evidence: [...exhibits, ...script, ...looks.flatMap(({ files }) => files)],
    };
    const excuse = await this.#excuse(looks.map(({ facts }) => facts));
    if (excuse !== undefined) this.notes.excuse = excuse;
  }

  /**
   * What was away of what the case stands on: a pod that somebody deleted, or for which no node has room.
   * @param seen what its setups looked like
   */
  async #excuse(seen: Facts[]): Promise<string | undefined> {
    const since = new Date(Date.now() - (performance.now() - this.#begun));
    const facts = seen.some(({ pods }) => pods.some(isLeaving))
      ? await Promise.all(this.setups.map((setup) => setup.facts()))
      : seen;
    return facts
      .map((each) => podWithoutRoom(each.pods) ?? deletedPod(each, since))
      .find((excuse) => excuse !== undefined);
  }

  /** Notes what came where no specification says what must: no verdict stands on it. */
  observe(what: string, came: string): void {
    this.notes.observed = { ...this.notes.observed, [what]: came };
  }

  /** Notes what was asked, and what came. */
  tell(steps: Step[]): void {
    this.notes.steps = [...(this.notes.steps ?? []), ...steps].slice(0, mostSteps);
  }

  /** Ends the case: it does not apply to this target, or cannot be judged on it. */
  skip(reason: string): never {
    return this.task.context.skip(reason);
  }

  /** Notes why the case fails; the first reason stays. Evidence is added when the case has ended. */
  fail(failure: Omit<Failure, 'evidence'>): void {
    this.notes.failure ??= { ...failure, evidence: [] };
  }
}

function undeclared(task: Readonly<RunnerTestCase>): never {
  throw new Error(`"${task.name}" declares no dialect and features: give it the options about({ … })`);
}

function idOf(task: Case['task']): string {
  const titles = [task.name];
  for (let suite = task.suite; suite && suite !== task.file; suite = suite.suite) titles.unshift(suite.name);
  return caseId(task.file.name, titles);
}
