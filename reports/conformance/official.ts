import type { GatewayApiRelease } from '../../cluster/features/names.ts';
import type { CatalogueCase } from '../catalogue.ts';
import type { Run, Verdict } from '../run.ts';
import data from './cases.json' with { type: 'json' };

/** A case of Gateway API's own conformance suite, by its short name. */
export interface OfficialCase {
  name: string;
  features: string[];
  /** The release that has it, or has it with these features; both that are known where it is absent. */
  only?: string;
  /** On trial: it counts for nothing yet. */
  provisional?: boolean;
}

/** As a conformance report counts them. */
export type Judged = 'passed' | 'failed' | 'skipped';

const all: OfficialCase[] = data;

/** The official cases for gateways of a release of Gateway API; of the newest that is known without one. */
export function officialCases(release: GatewayApiRelease = 'v1.7'): OfficialCase[] {
  return all.filter(({ only = release }) => only === release);
}

/** Whether Gateway API's own suite has the case on trial. */
export function isProvisional(name: string | undefined): boolean {
  return all.some((one) => one.name === name && one.provisional === true);
}

/**
 * Verdicts on the official cases that are mirrored. One has passed when all cases have that mirror it, selected or
 * not; failed when one has; else it counts as skipped.
 */
export function officialVerdicts({ cases }: Run, catalogue: CatalogueCase[]): Map<string, Judged> {
  const verdicts = new Map(cases.map(({ id, verdict }) => [id, verdict]));
  const mirrors = Map.groupBy(catalogue, ({ official = '' }) => official);
  mirrors.delete('');
  return new Map(
    [...mirrors].map(([official, same]) => [
      official,
      worst(same.map(({ id }) => verdicts.get(id) ?? 'not-run')),
    ]),
  );
}

function worst(each: Verdict[]): Judged {
  if (each.includes('failed')) return 'failed';
  return each.every((verdict) => verdict === 'passed') ? 'passed' : 'skipped';
}
