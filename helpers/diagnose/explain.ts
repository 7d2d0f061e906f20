import { Problem } from '../../cluster/problem.ts';
import type { Ref } from '../kube/objects.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Facts, Row } from './facts.ts';

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
export function explain(facts: Facts, { row, subject }: { row?: Row; subject?: Ref }): Diagnosis | undefined {
  const found = diagnose({ ...facts, row });
  if (!subject) return found[0];
  const key = keyOf(subject);
  const made = facts.services.find(({ metadata }) =>
    metadata.ownerReferences?.some(
      ({ kind, name }) => keyOf({ kind, name, namespace: metadata.namespace }) === key,
    ),
  );
  return found.find(
    ({ about }) => keyOf(about) === key || (made && keyOf(about) === keyOf({ ...made, ...made.metadata })),
  );
}

const keyOf = ({ kind, namespace, name }: Pick<Ref, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace}/${name}`;
