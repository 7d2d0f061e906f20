import { styleText } from 'node:util';
import type { CaseResult, Run } from './run.ts';

/** What a run that proves its cases came to. */
interface ProofSums {
  /** How often a fault applied to an assertion, and how often that noticed it. */
  applied: number;
  noticed: number;
  /** Ids of cases that passed, and to which no fault applied: nothing shows that they can fail. */
  unproved: string[];
  /** Faults that no case noticed. */
  unnoticed: string[];
}

/** `7 of 8 faults noticed`: what was proved of a case; undefined in a run that proves nothing. */
export const proofText = ({ proof }: Pick<CaseResult, 'proof'>): string | undefined =>
  proof && `${proof.noticed} of ${proof.applied} faults noticed`;

/** @param faults names of all that break something */
export function proofSums({ cases }: Run, faults: string[]): ProofSums {
  const proofs = cases.flatMap(({ proof }) => proof ?? []);
  const found = new Set(proofs.flatMap((proof) => proof.faults));
  return {
    applied: proofs.reduce((sum, { applied }) => sum + applied, 0),
    noticed: proofs.reduce((sum, { noticed }) => sum + noticed, 0),
    unproved: cases.filter(({ verdict, proof }) => verdict === 'passed' && !proof).map(({ id }) => id),
    unnoticed: faults.filter((fault) => !found.has(fault)),
  };
}

/**
 * What was proved, in lines for a terminal.
 * @param whole whether all cases were selected: of some, not every fault can be noticed
 */
export function proofLines({ applied, noticed, unproved, unnoticed }: ProofSums, whole: boolean): string[] {
  return [
    '',
    `Proof      ${noticed} of ${applied} faults were noticed by the assertions that they apply to`,
    ...list(`passed, and no fault can fail them`, unproved),
    ...(whole ? list('are faults that no case notices', unnoticed) : []),
  ];
}

/** Whether every case can fail, and every fault is noticed. */
export const isProved = ({ applied, noticed, unproved, unnoticed }: ProofSums, whole: boolean): boolean =>
  applied === noticed && unproved.length === 0 && (!whole || unnoticed.length === 0);

const list = (what: string, names: string[]): string[] =>
  names.length === 0
    ? []
    : [styleText('red', `${names.length} ${what}:`), ...names.map((name) => `  ${name}`)];
