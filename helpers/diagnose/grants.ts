import type { KubeObject } from '../kube/objects.ts';
import { type Facts, isKnown } from './facts.ts';

/**
 * Whether an object may refer to one of the core group in another namespace.
 * @see https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 */
export function isGranted(
  facts: Facts,
  { apiVersion, kind, metadata }: KubeObject,
  to: { kind: string; namespace: string; name: string },
): boolean {
  if (!isKnown(facts, 'ReferenceGrant')) return true;
  const [group = ''] = apiVersion.split('/');
  return facts.grants.some(
    (grant) =>
      grant.metadata.namespace === to.namespace &&
      grant.spec.from.some(
        (from) => from.group === group && from.kind === kind && from.namespace === metadata.namespace,
      ) &&
      grant.spec.to.some(
        (one) => one.group === '' && one.kind === to.kind && (one.name === undefined || one.name === to.name),
      ),
  );
}
