import {
  type Reporter,
  type RunnerTask,
  type RunnerTestSuite,
  experimental_getRunnerTask as runnerTask,
  type SerializedError,
  type TestCase,
  type TestModule,
} from 'vitest/node';
import { type CatalogueCase, casesOf, isSelected } from './catalogue.ts';
import type { Ledger } from './ledger.ts';
import type { CaseResult } from './run.ts';
import { masked } from './secrets.ts';
import { reasonOf, resultOf } from './verdict.ts';

interface Options {
  ledger: Ledger;
  filters: string[];
  /** The command that runs one case again. */
  rerun: (id: string) => string;
  /** Why a case that has just failed was not judged after all, if so. */
  excuse: (result: CaseResult) => string | undefined;
  /** Called once for each case, as soon as its verdict is in. */
  told: (result: CaseResult) => void;
}

/**
 * Hears from vitest how the run goes and enters it into the ledger. It takes cases that were not selected, and what lets
 * somebody in, out of vitest's own account, so that JUnit and Allure, which come after it, count the same cases and tell
 * no secret.
 */
export class RunReporter implements Reporter {
  readonly #options: Options;
  readonly #selected = new Map<string, CatalogueCase>();

  constructor(options: Options) {
    this.#options = options;
  }

  onTestModuleCollected(module: TestModule): void {
    const { ledger, filters } = this.#options;
    for (const [taskId, known] of casesOf(module)) {
      if (!isSelected(known, filters)) continue;
      this.#selected.set(taskId, known);
      ledger.select(known);
    }
    prune(runnerTask(module), this.#selected);
  }

  onTestCaseReady(test: TestCase): void {
    const known = this.#selected.get(test.id);
    if (known) this.#options.ledger.began(known.id);
  }

  onTestCaseResult(test: TestCase): void {
    withhold(runnerTask(test));
    const result = test.result();
    // a skip without a reason may come from a set-up whose failure vitest reports a moment later
    if (result.state !== 'skipped' || result.note !== undefined) this.#record(test);
  }

  onTestModuleEnd(module: TestModule): void {
    withhold(runnerTask(module));
    const { apiCalls } = module.meta();
    if (apiCalls !== undefined) this.#options.ledger.called(module.relativeModuleId, apiCalls);
    for (const test of module.children.allTests()) this.#record(test);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const { ledger } = this.#options;
    for (const module of modules) {
      this.onTestModuleEnd(module);
      for (const part of [module, ...module.children.allSuites()]) {
        if (part.errors().length === 0) continue;
        ledger.error({ message: reasonOf(part.errors()), file: module.relativeModuleId });
      }
    }
    for (const error of errors) ledger.error({ message: reasonOf([error]) });
  }

  onUserConsoleLog({ content }: Parameters<NonNullable<Reporter['onUserConsoleLog']>>[0]): void {
    process.stderr.write(masked(content));
  }

  #record(test: TestCase): void {
    const known = this.#selected.get(test.id);
    if (!known) return;
    const { ledger, rerun, excuse, told } = this.#options;
    const result = resultOf(test, known, rerun(known.id));
    const excused =
      result?.verdict === 'failed' ? (test.meta().conformance?.excuse ?? excuse(result)) : undefined;
    const entered =
      result && ledger.record(result, excused && `not judged: ${excused}; it got: ${result.got}`);
    if (entered) told(entered);
  }
}

function prune(parent: RunnerTestSuite, selected: Map<string, unknown>): void {
  parent.tasks = parent.tasks.filter((task) => {
    if (task.type === 'test') return selected.has(task.id);
    prune(task, selected);
    return task.tasks.length > 0;
  });
}

/** Masks the errors and the output of a task and of what is in it. */
function withhold(task: RunnerTask): void {
  for (const error of task.result?.errors ?? []) withholdFrom(error, new Set());
  for (const log of task.logs ?? []) log.content = masked(log.content);
  if (task.type === 'suite') for (const each of task.tasks) withhold(each);
}

function withholdFrom(error: object, seen: Set<object>): void {
  seen.add(error);
  const fields = error as Record<string, unknown>;
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') fields[name] = masked(value);
    else if (typeof value === 'object' && value !== null && !seen.has(value)) withholdFrom(value, seen);
  }
}
