import AllureVitestReporter, { type AllureVitestReporterConfig } from 'allure-vitest/reporter';
import type { TestModule } from 'vitest/node';

/** Allure's reporter, which keeps the thread until it has written a file for each case: not before what it waits for. */
export class AllureReporter extends AllureVitestReporter {
  readonly #before: () => Promise<void>;

  constructor({ before, ...config }: AllureVitestReporterConfig & { before: () => Promise<void> }) {
    super(config);
    this.#before = before;
  }

  override async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    await this.#before();
    super.onTestRunEnd(modules);
  }
}
