import { Problem } from '../../cluster/problem.ts';
import type { Manifest } from '../kube/manifests.ts';
import type { KubeObject } from '../kube/objects.ts';
import { RUN_LABEL, SUITE_LABEL } from '../labels.ts';

/** Where a case's objects go. */
export interface Place {
  /** The case's own namespace: objects that name none go there. */
  namespace: string;
  /** Id of the run. */
  run: string;
  /** Stem of the suite file. */
  suite: string;
  gatewayClass: string;
}

const clusterScoped = new Set([
  'GatewayClass',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
]);
const longestName = 63;

/**
 * Fixtures as they lie in the tree, made to be applied beside other runs and cases:
 * - an object without a namespace goes into the case's own;
 * - a namespace that a fixture declares (`kind: Namespace`) gets a name of its own, and whatever names it follows:
 *   `namespace` fields (parentRefs, backendRefs, certificateRefs, ReferenceGrants) and selectors or labels on
 *   `kubernetes.io/metadata.name`;
 * - namespaces and cluster-scoped objects carry the run's label;
 * - Gateways ask for the target's GatewayClass.
 * @returns the manifests; the names that the declared namespaces got; whether any object is in the case's own one
 * @throws Problem when an object names a namespace that no fixture of the case declares
 */
export function place(
  manifests: Manifest[],
  { namespace, run, suite, gatewayClass }: Place,
): { manifests: Manifest[]; namespaces: Map<string, string>; usesOwn: boolean } {
  const declared = manifests.filter(({ object }) => object.kind === 'Namespace');
  const namespaces = new Map(
    declared.map(({ object: { metadata } }) => [metadata.name, nameOf(namespace, metadata.name)]),
  );
  const labels = { [RUN_LABEL]: run, [SUITE_LABEL]: suite };
  const placed = manifests.map((manifest) => {
    const object = renamed(manifest.object, namespaces) as KubeObject;
    const { metadata, kind } = object;
    const { namespace: named } = manifest.object.metadata;
    if (kind === 'Namespace' || clusterScoped.has(kind)) {
      const name = namespaces.get(metadata.name);
      object.metadata = { ...metadata, ...(name && { name }), labels: { ...metadata.labels, ...labels } };
    } else {
      if (named !== undefined && !namespaces.has(named)) throw undeclared(manifest, named);
      object.metadata = { ...metadata, namespace: metadata.namespace ?? namespace };
    }
    if (kind === 'Gateway') object.spec = { ...(object.spec as object), gatewayClassName: gatewayClass };
    return { ...manifest, object };
  });
  const usesOwn = placed.some(({ object }) => object.metadata.namespace === namespace);
  return { manifests: placed, namespaces, usesOwn };
}

function nameOf(own: string, declared: string): string {
  const name = `${own}-${declared}`;
  if (name.length > longestName) throw new Error(`the namespace ${declared} gets too long a name: ${name}`);
  return name;
}

const nameLabel = 'kubernetes.io/metadata.name';

function renamed(
  value: unknown,
  names: Map<string, string>,
  key?: string,
  parent?: Record<string, unknown>,
): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => renamed(item, names, parent?.key === nameLabel ? nameLabel : undefined));
  }
  if (typeof value === 'object' && value !== null) {
    const fields = value as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, renamed(field, names, name, fields)]),
    );
  }
  const refers = key === 'namespace' || key === nameLabel;
  return refers && typeof value === 'string' ? (names.get(value) ?? value) : value;
}

function undeclared({ object, file, line }: Manifest, named: string): Problem {
  return new Problem({
    asked: `place ${object.kind} ${object.metadata.name} (${file}:${line})`,
    got: `it names the namespace "${named}", which the fixture does not declare`,
    cause: 'a case writes only into namespaces of its own',
    next: `leave the namespace out, or declare it in the fixture: kind: Namespace, name: ${named}`,
  });
}
