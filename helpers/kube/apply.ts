import { Problem } from '../../cluster/problem.ts';
import type { Kube } from './client.ts';
import { ApiError } from './errors.ts';
import type { Manifest } from './manifests.ts';
import { describe, type KubeObject, refOf } from './objects.ts';

/** Kinds that others stand on, earliest first; what is not named comes between the last two. */
const tiers: string[][] = [
  ['Namespace', 'CustomResourceDefinition'],
  [
    'ServiceAccount',
    'ConfigMap',
    'Secret',
    'Role',
    'ClusterRole',
    'ReferenceGrant',
    'Service',
    'GatewayClass',
  ],
  ['RoleBinding', 'ClusterRoleBinding', 'Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'Job', 'Gateway'],
];

/**
 * The manifests in groups to be applied one after another: what others stand on first, routes and policies last.
 * Within a group the order of the files is kept and does not matter.
 */
export function inDependencyOrder(manifests: Manifest[]): Manifest[][] {
  const groups: Manifest[][] = Array.from({ length: tiers.length + 1 }, () => []);
  for (const manifest of manifests) {
    const tier = tiers.findIndex((kinds) => kinds.includes(manifest.object.kind));
    groups[tier === -1 ? tiers.length : tier]?.push(manifest);
  }
  return groups.filter((group) => group.length > 0);
}

/**
 * Applies manifests by server-side apply in dependency order.
 * @returns the objects as the server has them, in the order of the manifests
 * @throws Problem that quotes object, file and line when the server refuses one; ApiError when it does not answer
 */
export async function applyAll(kube: Kube, manifests: Manifest[]): Promise<KubeObject[]> {
  const applied = new Map<Manifest, KubeObject>();
  for (const group of inDependencyOrder(manifests)) {
    await Promise.all(group.map(async (manifest) => applied.set(manifest, await applyOne(kube, manifest))));
  }
  return manifests.map((manifest) => applied.get(manifest) as KubeObject);
}

/** The server says 500 where the object does not fit the kind's schema. */
const unfit = /failed to create typed patch object/;

async function applyOne(kube: Kube, manifest: Manifest): Promise<KubeObject> {
  const { object, file } = manifest;
  try {
    return await kube.apply(object);
  } catch (error) {
    if (!(error instanceof ApiError) || (error.transient && !unfit.test(error.said))) throw error;
    const said = withoutData(error.said || error.message, object);
    const { path, fields } = fieldIn(said, object);
    const line = path ? manifest.lineOf(path) : manifest.line;
    throw new Problem({
      asked: `apply ${describe(refOf(object))} (${file}:${line})`,
      got: said,
      cause: likelyCause(error, object, fields),
      next: kube.kubectl(nextStep(error, object, file)),
    });
  }
}

/** A server, or a webhook of it, may quote what it refuses: what is in a Secret must not get into a report. */
function withoutData(said: string, { kind, data }: KubeObject): string {
  if (kind !== 'Secret') return said;
  const values = Object.values((data ?? {}) as Record<string, string>).filter(Boolean);
  return values
    .flatMap((value) => [value, Buffer.from(value, 'base64').toString()])
    .reduce((text, value) => text.replaceAll(value, '(withheld)'), said);
}

const fieldPath = /(?:^|[\s:])\.?((?:spec|metadata|data)(?:\.[\w-]+|\[[^\]]+\])*)(?=:)/;
const fieldStep = /([\w-]+)|\[(\d+)\]|\[([\w-]+)="([^"]*)"\]/g;

/** The field that a refusal names: `.spec.listeners[name="http"].prot: field not declared`, `spec.ports[0].port: Invalid value`. */
function fieldIn(said: string, object: KubeObject): { path?: (string | number)[]; fields?: string } {
  const [, fields] = fieldPath.exec(said) ?? [];
  if (fields === undefined) return {};
  let at: unknown = object;
  const path: (string | number)[] = [];
  for (const [, name, index, key = '', value] of fields.matchAll(fieldStep)) {
    const step = name ?? (index === undefined ? itemWith(at, key, value) : Number(index));
    path.push(step);
    at = (at as Record<string | number, unknown> | undefined)?.[step];
  }
  return { path, fields };
}

const itemWith = (list: unknown, key: string, value: string | undefined): number =>
  Array.isArray(list) ? list.findIndex((item: Record<string, unknown>) => String(item[key]) === value) : -1;

function likelyCause(error: ApiError, { kind, apiVersion }: KubeObject, fields: string | undefined): string {
  if (/field not declared in schema/.test(error.said)) {
    return `${kind} in ${apiVersion}, as this cluster has it, knows no field ${fields ?? 'of that name'}: misspelt, or of a newer version or another channel of its CRD`;
  }
  if (error.code === 403) return `this user may not create or patch ${kind} objects`;
  if (error.code === 404) return `the cluster does not know ${kind} in ${apiVersion}`;
  return `the API server finds ${fields ?? 'the object'} invalid`;
}

/** The words after kubectl that show more. */
function nextStep(error: ApiError, { kind, apiVersion }: KubeObject, file: string): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  if (error.code === 403) return `auth can-i patch ${kind.toLowerCase()}s${group}`;
  if (error.code === 404) return `api-resources | grep -i ${kind.toLowerCase()}`;
  return `apply --server-side --dry-run=server -f ${file}`;
}
