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
  /** What earlier fixtures are called, beside which these are applied. */
  earlier?: Given | undefined;
  /** Labels of these fixtures' pods, as `key=value`, by which Gateways of other ones will select. */
  selectedBy?: string[];
  /** Says of objects that fixtures of other suites are beside them. */
  among?: boolean;
}

/** What is called otherwise in the cluster than in the fixtures. */
export interface Given {
  /** Names of declared namespaces. */
  namespaces: Map<string, string>;
  /** Values of labels by which Istio Gateways select, by `key=value`. */
  selected: Map<string, string>;
}

const classKinds = ['GatewayClass', 'IngressClass'];
const clusterScoped = new Set([
  ...classKinds,
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
]);
const longestName = 63;
const ISTIO_NETWORKING = 'networking.istio.io/';

/**
 * Fixtures as they lie in the tree, made to be applied beside other runs and cases:
 * - an object without a namespace goes into the case's own;
 * - a namespace that a fixture declares (`kind: Namespace`) gets a name of its own, and whatever names it follows:
 *   `namespace` fields (parentRefs, backendRefs, certificateRefs, ReferenceGrants), selectors or labels on
 *   `kubernetes.io/metadata.name`, the Istio API's `namespace/name`, and `name.namespace.svc.cluster.local` where it is
 *   a host or an address;
 * - an IngressClass or GatewayClass gets a name of its own, and the Ingresses or Gateways of the class follow;
 * - labels by which an Istio Gateway selects its pods get a value of the case's own: it selects in all namespaces;
 * - namespaces and cluster-scoped objects carry the run's label, and all that is among other suites' fixtures that of its
 *   suite;
 * - Gateways of the GatewayClass `istio` ask for the target's.
 * @returns the manifests; the names that were given, earlier ones too; whether any object is in the case's own namespace
 * @throws Problem when an object names a namespace that no fixture of the case declares
 */
export function place(
  manifests: Manifest[],
  { namespace, run, suite, gatewayClass, earlier, selectedBy = [], among = false }: Place,
): { manifests: Manifest[]; given: Given; usesOwn: boolean } {
  const declared = namesOf(manifests, 'Namespace');
  const namespaces = new Map([
    ...(earlier?.namespaces ?? []),
    ...declared.map((name) => [name, nameOf(namespace, name)] as const),
  ]);
  const own = `${run}-${namespace.split('-').at(-1)}`;
  const names: Names = {
    namespaces,
    classes: new Map(
      classKinds
        .flatMap((kind) => namesOf(manifests, kind))
        .map((name) => [name, nameOf(namespace, name)] as const),
    ),
    selected: new Map([
      ...[...selectedBy, ...selectedLabels(manifests)].map(
        (label) => [label, `${label.replace(/^[^=]*=/, '')}-${own}`] as const,
      ),
      ...(earlier?.selected ?? []),
    ]),
  };
  const ownNames = new Map([
    ['Namespace', namespaces],
    ...classKinds.map((kind) => [kind, names.classes] as const),
  ]);
  const labels = { [RUN_LABEL]: run, [SUITE_LABEL]: suite };
  const placed = manifests.map((manifest) => {
    const object = renamed(manifest.object, names) as KubeObject;
    const { metadata, kind } = object;
    const { namespace: named } = manifest.object.metadata;
    if (kind === 'Namespace' || clusterScoped.has(kind)) {
      const name = ownNames.get(kind)?.get(metadata.name);
      object.metadata = { ...metadata, ...(name && { name }), labels: { ...metadata.labels, ...labels } };
    } else {
      if (named !== undefined && !namespaces.has(named)) throw undeclared(manifest, named);
      object.metadata = { ...metadata, namespace: metadata.namespace ?? namespace };
      if (among) object.metadata.labels = { ...metadata.labels, [SUITE_LABEL]: suite };
    }
    const spec = object.spec as { gatewayClassName?: string } | undefined;
    if (kind === 'Gateway' && spec?.gatewayClassName === 'istio')
      object.spec = { ...spec, gatewayClassName: gatewayClass };
    return { ...manifest, object };
  });
  const usesOwn = placed.some(({ object }) => object.metadata.namespace === namespace);
  return { manifests: placed, given: { namespaces, selected: names.selected }, usesOwn };
}

interface Names extends Given {
  classes: Map<string, string>;
}

const namesOf = (manifests: Manifest[], kind: string): string[] =>
  manifests.filter(({ object }) => object.kind === kind).map(({ object }) => object.metadata.name);

/** Labels by which Istio Gateways among the fixtures select their pods, as `key=value`. */
export function selectedLabels(manifests: Manifest[]): string[] {
  const gateways = manifests.filter(({ object }) => object.apiVersion.startsWith(ISTIO_NETWORKING));
  const selectors = gateways.map(
    ({ object }) => (object.spec as { selector?: Record<string, string> }).selector,
  );
  return selectors.flatMap((selector) => Object.entries(selector ?? {}).map(([k, v]) => `${k}=${v}`));
}

function nameOf(own: string, declared: string): string {
  const name = `${own}-${declared}`;
  if (name.length > longestName) throw new Error(`${declared} gets too long a name: ${name}`);
  return name;
}

const nameLabel = 'kubernetes.io/metadata.name';
const labelFields = new Set(['labels', 'matchLabels', 'selector']);

function renamed(
  value: unknown,
  names: Names,
  path: string[] = [],
  parent?: Record<string, unknown>,
): unknown {
  const key = path.at(-1) ?? '';
  if (Array.isArray(value)) {
    const at = parent?.key === nameLabel ? [...path, nameLabel] : path;
    return value.map((item) => renamed(item, names, at));
  }
  if (typeof value === 'object' && value !== null) {
    const fields = value as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, renamed(field, names, [...path, name], fields)]),
    );
  }
  if (typeof value !== 'string') return value;
  const { namespaces, classes, selected } = names;
  if (key === 'namespace' || key === nameLabel) return namespaces.get(value) ?? value;
  if (key === 'ingressClassName' || key === 'gatewayClassName') return classes.get(value) ?? value;
  if (key === 'gateways' || key === 'hosts')
    return value.replace(/^[^/]+(?=\/)/, (it) => namespaces.get(it) ?? it);
  if (key === 'host' || path.at(-2) === 'addresses')
    return value.replace(/(?<=^[^.]+\.)[^.]+(?=\.svc\b)/, (it) => namespaces.get(it) ?? it);
  if (labelFields.has(path.at(-2) ?? '')) return selected.get(`${key}=${value}`) ?? value;
  return value;
}

function undeclared({ object, file, line }: Manifest, named: string): Problem {
  return new Problem({
    asked: `place ${object.kind} ${object.metadata.name} (${file}:${line})`,
    got: `it names the namespace "${named}", which the fixture does not declare`,
    cause: 'a case writes only into namespaces of its own',
    next: `leave the namespace out, or declare it in the fixture: kind: Namespace, name: ${named}`,
  });
}
