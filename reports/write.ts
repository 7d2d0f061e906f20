import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parityTable } from './parity.ts';
import schema from './run.schema.json' with { type: 'json' };
import type { Run } from './run.ts';

const validate = new Ajv2020({ allErrors: true }).compile(schema);

/** What a run leaves in its folder; the evidence beside it is the helpers'. */
export const outputs = {
  run: 'run.json',
  junit: 'junit.xml',
  allure: 'allure-results',
  evidence: 'evidence',
  parity: 'parity.md',
  screenshots: 'screenshots',
} as const;

/** Makes the folder, and takes away what an earlier run left in it: nothing old may pass for this run's. */
export function emptyOutputs(out: string): void {
  mkdirSync(out, { recursive: true });
  for (const name of Object.values(outputs)) rmSync(join(out, name), { recursive: true, force: true });
}

/** @returns what run.schema.json has against it; nothing when it is valid */
export function complaints(run: unknown): string[] {
  if (validate(run)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}

/**
 * Writes run.json, and parity.md where the run has rows of several dialects, each whole or not at all. Synchronous, so
 * that a process that must end at once can still do it.
 * @throws Error when the run is not as run.schema.json says; whatever the file system refuses with
 */
export function writeRun(run: Run, out: string): void {
  const wrong = complaints(run);
  if (wrong.length > 0) throw new Error(`run.json would not be valid:\n  ${wrong.join('\n  ')}`);
  const parity = parityTable(run);
  if (parity !== undefined) writeWhole(join(out, outputs.parity), parity);
  writeWhole(join(out, outputs.run), `${JSON.stringify(run, undefined, 2)}\n`);
}

function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
