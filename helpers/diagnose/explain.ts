import { Problem } from '../../cluster/problem.ts';
import { type Ref, refOf } from '../kube/objects.ts';
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
export function explain(facts: Facts, wrong: { row: Row } | { subject: Ref }): Diagnosis | undefined {
  if ('row' in wrong) return diagnose({ ...facts, row: wrong.row })[0];
  const related = new Set(relatedTo(facts, wrong.subject).map(keyOf));
  return diagnose(facts).find(({ about, shows }) => shows.includes('status') && related.has(keyOf(about)));
}

/** What the status of an object depends on: a route's Gateways, and the Services that controllers made for them. */
function relatedTo({ routes, services }: Facts, subject: Ref): Pick<Ref, 'kind' | 'namespace' | 'name'>[] {
  const route = routes.find((one) => keyOf(refOf(one)) === keyOf(subject));
  const parents = (route?.spec.parentRefs ?? []).map(({ kind = 'Gateway', namespace, name }) => ({
    kind,
    namespace: namespace ?? subject.namespace,
    name,
  }));
  const owners = [subject, ...parents];
  const keys = new Set(owners.map(keyOf));
  const made = services.filter(({ metadata: { namespace, ownerReferences = [] } }) =>
    ownerReferences.some(({ kind, name }) => keys.has(keyOf({ kind, name, namespace }))),
  );
  return [...owners, ...made.map(refOf)];
}

const keyOf = ({ kind, namespace, name }: Pick<Ref, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace}/${name}`;
