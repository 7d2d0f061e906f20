import type { Case } from '../case.ts';
import type { KubeObject, Ref } from '../kube/objects.ts';
import type { Setup } from '../setup/setup.ts';

/** What a controller of somebody else has written into an object's status. */
export interface Foreign {
  of: Case;
  setup: Setup;
  ref: Ref;
  /** JSON pointer (RFC 6901) of the list that it is in. */
  list: string;
  /** As the API server has it. */
  entry: object;
}

/** The list that a JSON pointer leads to; an empty one where there is none. */
export function listAt(object: KubeObject | undefined, pointer: string): object[] {
  let at: unknown = object;
  for (const step of pointer.split('/').slice(1)) at = (at as Record<string, unknown> | undefined)?.[step];
  return Array.isArray(at) ? at : [];
}
