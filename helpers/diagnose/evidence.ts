import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { analyze } from '../../cluster/doctor/analyze.ts';
import { ISTIOD } from '../../cluster/preflight/istio.ts';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import type { Kind, KubeObject } from '../kube/objects.ts';
import { type Pod, podKind } from '../pods/types.ts';
import type { Cluster } from '../setup/setup.ts';
import { diagnose } from './diagnose.ts';
import { type Facts, nameOf } from './facts.ts';
import { secretNames } from './secrets.ts';

/** What a failure is understood from. Of Secrets it is the names only. */
const kinds: Kind[] = [
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'ListenerSet' },
  { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant' },
  { apiVersion: 'networking.istio.io/v1', kind: 'Gateway' },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' },
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule' },
  { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry' },
  { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' },
  { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication' },
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  podKind,
  { apiVersion: 'v1', kind: 'Event' },
];

const logLines = 300;
/** istiod tells of everything in the cluster: enough lines to find those about one namespace. */
const istiodLines = 3_000;
const mostBytes = 512 * 1_024;

interface File {
  name: string;
  text: string;
}

/**
 * Writes down what namespaces hold at the moment: the diagnoses, `objects.yaml` with their status, the names of
 * Secrets, `events.yaml`, the last lines of every container's log, what istiod's log says of them, and what
 * `istioctl analyze` does, each file cut at 512 KiB. What cannot be read is named in the file instead.
 * @param facts of the namespaces, as they are in the scope of each
 * @param folder where to, absolute; made when it is not there
 * @returns the names of the files
 */
export async function gatherEvidence(
  { kube, target }: Pick<Cluster, 'kube' | 'target'>,
  facts: Facts[],
  folder: string,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const namespaces = [...new Set(facts.flatMap(({ scope = [] }) => scope))];
  const [listed, secrets, control, analysis] = await Promise.all([
    Promise.all(namespaces.flatMap((namespace) => kinds.map((kind) => listOrSay(kube, kind, namespace)))),
    Promise.all(namespaces.map((namespace) => secretsOf(kube, namespace))),
    istiodOf(kube, facts, namespaces),
    analyze(target, namespaces),
  ]);
  const objects = listed.flat();
  const pods = objects.filter(({ kind, spec }) => kind === 'Pod' && spec !== undefined) as Pod[];
  const logs = await Promise.all(
    pods.flatMap((pod) => pod.spec.containers.map(({ name }) => logOf(kube, pod, name))),
  );
  const files: File[] = [
    { name: 'diagnosis.yaml', text: diagnosisOf(facts) },
    { name: 'objects.yaml', text: yamlOf(objects.filter((object) => !isEvent(object))) },
    { name: 'events.yaml', text: yamlOf(objects.filter(isEvent)) },
    { name: 'secrets.txt', text: secrets.join('') },
    ...logs,
    { name: 'istiod.log', text: control },
    ...(analysis === undefined ? [] : [{ name: 'istioctl-analyze.txt', text: analysis }]),
  ].filter(({ text }) => text !== '');
  await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text.slice(0, mostBytes))));
  return files.map(({ name }) => name);
}

/** All causes that were found, with what they rest on; the first is the one in the report unless a row decided. */
const diagnosisOf = (facts: Facts[]): string =>
  stringify(
    {
      found: facts
        .flatMap(diagnose)
        .map(({ cause, says, evidence, next }) => ({ cause, says, evidence, next })),
      notRead: [...new Set(facts.flatMap(({ unread }) => unread.map(({ error }) => error.message)))],
    },
    { lineWidth: 0 },
  );

/** `TYPE NAMESPACE/NAME, 2 keys`; nothing of their data. */
async function secretsOf(kube: Kube, namespace: string): Promise<string> {
  try {
    const names = await secretNames(kube, namespace);
    return names.map(({ type, name, keys }) => `${type} ${namespace}/${name}, ${keys} keys\n`).join('');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.message}\n`;
  }
}

/** The lines of the control planes' logs that name one of the namespaces. */
async function istiodOf(kube: Kube, facts: Facts[], namespaces: string[]): Promise<string> {
  const planes = new Map(
    facts.flatMap(({ istiods }) => istiods.map((istiod) => [nameOf(istiod), istiod] as const)),
  );
  const lines = await Promise.all(
    [...planes.values()].map(async ({ metadata: { namespace } }) => {
      try {
        const { items } = await kube.list<Pod>({ ...podKind, namespace, labels: ISTIOD });
        const logs = await Promise.all(
          items.map(({ metadata: { name } }) =>
            kube.logs({ namespace, name }, { container: 'discovery', tailLines: istiodLines }),
          ),
        );
        return logs.flatMap((log) => log.split('\n'));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return [error.message];
      }
    }),
  );
  const about = lines.flat().filter((line) => namespaces.some((name) => line.includes(name)));
  return about.map((line) => `${line}\n`).join('');
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

async function logOf(kube: Kube, pod: Pod, container: string): Promise<File> {
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
