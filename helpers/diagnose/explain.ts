import { Problem } from '../../cluster/problem.ts';
import type { Ref } from '../kube/objects.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Facts, Row } from './facts.ts';
import { isRelated } from './related.ts';

/** A Problem that was diagnosed. */
export class Diagnosed extends Problem {
  readonly diagnosis: Diagnosis;

  constructor(asked: string, diagnosis: Diagnosis) {
    const { says, evidence, next } = diagnosis;
    super({ asked, got: evidence.join('; '), cause: says, next });
    this.diagnosis = diagnosis;
  }
}

/**
 * The diagnosis that explains best what went wrong: the first cause that can show itself like that.
 * @param wrong the row that came out wrong; or the object whose status is not as it should be
 * @returns undefined when the objects of the cluster do not tell
 */
export function explain(facts: Facts, wrong: { row: Row } | { subject: Ref }): Diagnosis | undefined {
  if ('row' in wrong) return diagnose({ ...facts, row: wrong.row })[0];
  const related = isRelated(facts, wrong.subject);
  return diagnose(facts).find((one) => one.shows.includes('status') && related(one));
}
