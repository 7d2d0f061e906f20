import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What is left in a run's folder: by the run, and by the commands that make pages of it. */
export const outputs = {
  run: 'run.json',
  junit: 'junit.xml',
  /** What vitest's own reporter has to say, which `junit` is made of. */
  junitDraft: '.junit-draft.xml',
  allure: 'allure-results',
  evidence: 'evidence',
  parity: 'parity.md',
  screenshots: 'screenshots',
  conformance: 'conformance-report.yaml',
  allureReport: 'allure-report',
  allureFile: 'allure-report.html',
  matrix: 'matrix.html',
} as const;

/** Makes the folder, and takes away what an earlier run left in it: nothing old may pass for this run's. */
export function emptyOutputs(out: string): void {
  mkdirSync(out, { recursive: true });
  for (const name of Object.values(outputs)) rmSync(join(out, name), { recursive: true, force: true });
}
