import { defaultKubeconfig } from '../preflight/connection.ts';

import { type Expected, preflight } from '../preflight/index.ts';
import type { Target } from '../target.ts';
import { provision } from './provision.ts';

export interface ExistingOptions extends Expected {
  /** A context of the user's kubeconfig. */
  context: string;
  /** Install what is missing: Gateway API CRDs, and Istio for the class `istio`. */
  provision: boolean;
}

/**
 * Makes a target of a context that the user named, after a preflight. Without `provision` nothing is changed;
 * with it, only what is missing is installed, and nothing that is there is touched.
 *
 * @param say is told, a line each, what is installed and what the run cannot do in this cluster
 * @returns once the cluster can take the suites
 * @throws Problem naming what is wrong or missing and the command that mends it
 */
export async function existingTarget(
  options: ExistingOptions,
  say: (line: string) => void = console.log,
): Promise<Target> {
  const connection = { kubeconfig: defaultKubeconfig(), context: options.context };
  if (options.provision) await provision(connection, options, say);
  const { notes, ...facts } = await preflight(connection, options);
  for (const note of notes) say(note);
  return {
    kind: 'existing',
    ...connection,
    gatewayClass: options.gatewayClass,
    imageSource: 'unknown',
    ...facts,
  };
}
