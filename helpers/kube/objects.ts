/** Metadata of any object, as the API's JSON has it: times are strings. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string }[];
}

/** Any Kubernetes object as plain JSON: no field is dropped or converted on the way in or out. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** Which kind: `{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' }`. */
export interface Kind {
  apiVersion: string;
  kind: string;
}

/** Which object; without a namespace for cluster-scoped kinds. */
export interface Ref extends Kind {
  name: string;
  namespace?: string | undefined;
}

/** Some objects of a kind; without a namespace: in all of them. */
export interface Selection extends Kind {
  namespace?: string | undefined;
  /** Only the object of this name. */
  name?: string | undefined;
  /** Label selector, as kubectl's `-l` takes it. */
  labels?: string | undefined;
  /** Field selector, as kubectl's `--field-selector` takes it; for lists of objects of any name. */
  fields?: string | undefined;
}

/** metav1.Condition */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

export const refOf = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): Ref => ({
  apiVersion,
  kind,
  name,
  namespace,
});

/** Whether the reference is to this object. */
export const isObject = ({ apiVersion, kind, metadata }: KubeObject, ref: Ref): boolean =>
  apiVersion === ref.apiVersion &&
  kind === ref.kind &&
  metadata.namespace === ref.namespace &&
  metadata.name === ref.name;

/** `Gateway shop/httpbin-gateway`, `Pods in shop (app=httpbin)`: how messages name what they are about. */
export function describe(what: Selection): string {
  if (what.name !== undefined) {
    return `${what.kind} ${what.namespace === undefined ? '' : `${what.namespace}/`}${what.name}`;
  }
  const where = what.namespace === undefined ? 'all namespaces' : what.namespace;
  return `${what.kind}s in ${where}${what.labels === undefined ? '' : ` (${what.labels})`}`;
}

/** The words after `kubectl get` that select the same: `services -n shop -l app=httpbin`. */
export function getWords({ apiVersion, kind, namespace, name, labels }: Selection): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return [
    `${kind.toLowerCase()}${group}`,
    ...(name === undefined ? [] : [name]),
    ...(namespace === undefined ? ['--all-namespaces'] : ['-n', namespace]),
    ...(labels === undefined ? [] : ['-l', labels]),
  ].join(' ');
}

/** `istio=ingressgateway,app=web`, as kubectl's -l takes it. */
export const labelWords = (labels: Record<string, string> = {}): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
