import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { stringify } from 'yaml';
import type { CatalogueCase } from './catalogue.ts';
import { conformanceReport } from './conformance/report.ts';
import { outputs } from './outputs.ts';
import { parityTable } from './parity.ts';
import schema from './run.schema.json' with { type: 'json' };
import type { Run } from './run.ts';

/** Go's readers keep to YAML 1.1, in which a date without quotes is no string. */
const readByGo = { version: '1.1', lineWidth: 0 } as const;

const validate = new Ajv2020({ allErrors: true }).compile(schema);

/** @returns what run.schema.json has against it; nothing when it is valid */
export function complaints(run: unknown): string[] {
  if (validate(run)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}

/**
 * Writes run.json, parity.md where the run has rows of several dialects, and conformance-report.yaml where it judged
 * official cases, each whole or not at all. Synchronous, so that a process that must end at once can still do it.
 * @param catalogue every case that there is, selected or not
 * @returns the conformance report, or why there is none although official cases were judged
 * @throws Error when the run is not as run.schema.json says; whatever the file system refuses with
 */
export function writeRun(
  run: Run,
  out: string,
  catalogue: CatalogueCase[],
): ReturnType<typeof conformanceReport> {
  const wrong = complaints(run);
  if (wrong.length > 0) throw new Error(`run.json would not be valid:\n  ${wrong.join('\n  ')}`);
  const parity = parityTable(run);
  if (parity !== undefined) writeWhole(join(out, outputs.parity), parity);
  const conformance = conformanceReport(run, catalogue);
  const report = join(out, outputs.conformance);
  if (conformance && 'report' in conformance) writeWhole(report, stringify(conformance.report, readByGo));
  else rmSync(report, { force: true });
  writeWhole(join(out, outputs.run), `${JSON.stringify(run, undefined, 2)}\n`);
  return conformance;
}

/** Replaces the file in one step, or leaves it as it is. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
