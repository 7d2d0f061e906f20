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

/** The object whose status is not as it should be. */
interface Subject {
  subject: Ref;
  /** Name of the listener, where it is about the status of one. */
  listener?: string | undefined;
}

/**
 * The diagnosis that explains best what went wrong: the first cause that can show itself like that.
 * @param wrong the row that came out wrong; or the object whose status is not as it should be
 * @returns undefined when the objects of the cluster do not tell
 */
export function explain(facts: Facts, wrong: { row: Row } | Subject): Diagnosis | undefined {
  if ('row' in wrong) return diagnose({ ...facts, row: wrong.row })[0];
  const { subject, listener } = wrong;
  const related = isRelated(facts, subject);
  const ofAnother = ({ listener: of = listener }: Diagnosis) => listener !== undefined && of !== listener;
  return diagnose(facts).find((one) => one.shows.includes('status') && related(one) && !ofAnother(one));
}
