import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import type { Kind, KubeObject } from '../kube/objects.ts';
import { type Pod, podKind } from '../pods/types.ts';

/** What a failure is understood from. Secrets are none of it. */
const kinds: Kind[] = [
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  podKind,
  { apiVersion: 'v1', kind: 'Event' },
];

const logLines = 300;
const mostBytes = 512 * 1_024;

/**
 * Writes down what namespaces hold at the moment: `objects.yaml` with their status, `events.yaml`, and the last lines
 * of every container's log, each file cut at 512 KiB. What cannot be read is named in the file instead.
 * @param folder where to, absolute; made when it is not there
 * @returns the names of the files
 */
export async function gatherEvidence(kube: Kube, namespaces: string[], folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const listed = await Promise.all(
    namespaces.flatMap((namespace) => kinds.map((kind) => listOrSay(kube, kind, namespace))),
  );
  const objects = listed.flat();
  const pods = objects.filter(({ kind, spec }) => kind === 'Pod' && spec !== undefined) as Pod[];
  const logs = await Promise.all(
    pods.flatMap((pod) => pod.spec.containers.map(({ name }) => logOf(kube, pod, name))),
  );
  const files = [
    { name: 'objects.yaml', text: yamlOf(objects.filter((object) => !isEvent(object))) },
    { name: 'events.yaml', text: yamlOf(objects.filter(isEvent)) },
    ...logs,
  ];
  await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text.slice(0, mostBytes))));
  return files.map(({ name }) => name);
}

const isEvent = ({ kind }: KubeObject): boolean => kind === 'Event';

async function listOrSay(kube: Kube, kind: Kind, namespace: string): Promise<KubeObject[]> {
  try {
    const { items } = await kube.list({ ...kind, namespace });
    return items;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [{ ...kind, metadata: { name: '', namespace }, cannotBeRead: error.message }];
  }
}

async function logOf(kube: Kube, pod: Pod, container: string): Promise<{ name: string; text: string }> {
  const { name, namespace = '' } = pod.metadata;
  const file = `${name}.${container}.log`;
  try {
    return { name: file, text: await kube.logs({ namespace, name }, { container, tailLines: logLines }) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { name: file, text: `${error.message}\n` };
  }
}

const yamlOf = (objects: KubeObject[]): string =>
  objects.map((object) => stringify(withoutManagedFields(object), { lineWidth: 0 })).join('---\n');

function withoutManagedFields({ apiVersion, kind, metadata, ...fields }: KubeObject): KubeObject {
  const { managedFields: _, ...kept } = metadata as KubeObject['metadata'] & { managedFields?: unknown };
  return { apiVersion, kind, metadata: kept, ...fields };
}
