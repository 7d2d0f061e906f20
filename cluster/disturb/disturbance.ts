import type { Kube } from '../../helpers/kube/client.ts';
import type { Engine } from '../engine/engine.ts';

/** What a disturbance works on. */
export interface Disturbed {
  kube: Kube;
  engine: Engine;
  /** Between 0 and 1, the same ones in the same order for the same seed. */
  random: () => number;
}

/**
 * Something that happens to a cluster and is no fault of a gateway. Settles when it was aborted and is taken back.
 * @param done called for each thing that was done, with a few words
 */
export type Disturb = (
  disturbed: Disturbed,
  signal: AbortSignal,
  done: (what: string) => void,
) => Promise<void>;
