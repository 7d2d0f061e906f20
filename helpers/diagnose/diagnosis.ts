import type { KubeObject, Ref } from '../kube/objects.ts';

/** How a fault shows to who asks the gateway; decides which diagnoses can explain a row that came out wrong. */
export type Symptom =
  /** No connection opens: no address, nothing listens, no way there. */
  | 'no-connection'
  /** A connection opened, and was ended without an answer. */
  | 'cut'
  /** The gateway itself says 404. */
  | 'not-found'
  /** The gateway itself says 500, 502, 503 or 504. */
  | 'no-backend'
  /** Another one answers than should. */
  | 'stranger';

/** What is wrong, as far as the cluster's objects tell. It explains a failure and never decides a verdict. */
export interface Diagnosis {
  /** Id of the cause, kebab-case and stable: reports group by it. docs/troubleshooting.md lists them. */
  cause: string;
  /** The cause in one sentence. */
  says: string;
  /** What it rests on, a line each. */
  evidence: string[];
  /** The command that mends or proves it. */
  next: string;
  /** The object at fault. */
  about: Ref;
  shows: Symptom[];
}

/** Whether a cause was found in the object already: what else is wrong with it may be an effect. */
export const isTold = (before: Diagnosis[], { kind, metadata: { namespace, name } }: KubeObject): boolean =>
  before.some(({ about }) => about.kind === kind && about.namespace === namespace && about.name === name);
