import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../kube/objects.ts';
import { RUN_LABEL, SUITE_LABEL } from '../labels.ts';

const longestStem = 22;

/** A name for a case's namespace that no other case of any run has: `conformance-<run>-<last part of the suite>-<random>`. */
export function namespaceName(run: string, suite: string): string {
  const stem = suite.replace(/^.*\./, '').slice(0, longestStem).replace(/-+$/, '');
  return `conformance-${run}-${stem}-${randomBytes(2).toString('hex')}`;
}

/** The case's own namespace, labelled as the run's. */
export const namespaceObject = (name: string, run: string, suite: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { [RUN_LABEL]: run, [SUITE_LABEL]: suite } },
});
