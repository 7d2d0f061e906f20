import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a run leaves in its folder; the evidence beside it is the helpers'. */
export const outputs = {
  run: 'run.json',
  junit: 'junit.xml',
  allure: 'allure-results',
  evidence: 'evidence',
  parity: 'parity.md',
  screenshots: 'screenshots',
  conformance: 'conformance-report.yaml',
} as const;

/** Makes the folder, and takes away what an earlier run left in it: nothing old may pass for this run's. */
export function emptyOutputs(out: string): void {
  mkdirSync(out, { recursive: true });
  for (const name of Object.values(outputs)) rmSync(join(out, name), { recursive: true, force: true });
}
