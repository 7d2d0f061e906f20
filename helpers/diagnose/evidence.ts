import { stringify } from 'yaml';
import { analyze } from '../../cluster/doctor/analyze.ts';
import { type Controller, isIstioTarget } from '../../cluster/target.ts';
import { withoutSecrets } from '../../reports/secrets.ts';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import type { Kind, KubeObject } from '../kube/objects.ts';
import { type Pod, podKind } from '../pods/types.ts';
import type { Cluster } from '../setup/setup.ts';
import { diagnose } from './diagnose.ts';
import { envoysOf, gatewayPods } from './envoy.ts';
import type { Facts } from './facts.ts';
import { type File, writeFiles } from './files.ts';
import { secretNames } from './secrets.ts';
import { servicesOfGateways } from './served.ts';

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
/** A control plane tells of everything in the cluster: enough lines to find those about one namespace. */
const controllerLines = 3_000;
/** Bytes of a log before it is cut: its lines may be long. */
const mostOfLog = 4 * 1_024 * 1_024;

interface Bounds {
  /** Milliseconds for all of it. What was not had by then is named in `not-gathered.txt`. */
  timeout: number;
  /** Seconds that logs go back. */
  since: number;
}

/**
 * Writes down what namespaces hold at the moment: the diagnoses, `objects.yaml` with their status, the names of
 * Secrets, `events.yaml`, the last lines of every container's log, Envoy's listeners, routes, clusters and endpoints in
 * the gateways' pods, what the log of the control plane says of the namespaces, and what `istioctl analyze` does. What cannot be read is
 * named in the file instead; files are bounded and masked as writeFiles has it.
 * @param facts of the namespaces, as they are in the scope of each
 * @param folder where to, absolute; made when it is not there
 * @returns the names of the files
 */
export async function gatherEvidence(
  { kube, target }: Pick<Cluster, 'kube' | 'target'>,
  facts: Facts,
  folder: string,
  { timeout, since }: Bounds,
): Promise<string[]> {
  const namespaces = [...new Set(facts.scope)];
  const gateways = gatewayPods(facts);
  const backends = facts.pods.filter(
    (pod) => !gateways.includes(pod) && namespaces.includes(pod.metadata.namespace ?? ''),
  );
  // what tells most comes first: it is left out last
  const files = await inTime(
    {
      diagnosis: async () => [{ name: 'diagnosis.yaml', text: diagnosisOf(facts) }],
      'objects and events': () => objectsOf(kube, namespaces, servingElsewhere(facts, gateways)),
      Envoy: () => envoysOf(kube, facts, namespaces),
      'logs of gateways': () => logsOf(kube, gateways, since),
      'log of the control plane': async () =>
        target.controller === undefined
          ? []
          : [await controllerLog(kube, target.controller, { namespaces, since })],
      'names of Secrets': async () => [
        {
          name: 'secrets.txt',
          text: (await Promise.all(namespaces.map((each) => secretsOf(kube, each)))).join(''),
        },
      ],
      'istioctl analyze': async () =>
        isIstioTarget(target)
          ? [{ name: 'istioctl-analyze.txt', text: (await analyze(target, namespaces)) ?? '' }]
          : [],
      'logs of backends': () => logsOf(kube, backends, since),
    },
    timeout,
  );
  return writeFiles(folder, files);
}

/** Asks for everything at once, and gives what has come when the time is over, with a file that names the rest. */
async function inTime(parts: Record<string, () => Promise<File[]>>, timeout: number): Promise<File[]> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeout);
  try {
    const late: string[] = [];
    const came = await Promise.all(
      Object.entries(parts).map(async ([what, gather]) => {
        const files = await Promise.race([gather(), over]);
        if (!files) late.push(what);
        return files ?? [];
      }),
    );
    const text = late.map((what) => `${what}: not within ${timeout / 1_000} s\n`).join('');
    return [{ name: 'not-gathered.txt', text }, ...came.flat()];
  } finally {
    clearTimeout(timer);
  }
}

/** What serves the gateways, where a controller keeps that in a namespace of its own. */
function servingElsewhere(facts: Facts, pods: Pod[]): KubeObject[] {
  const isElsewhere = ({ metadata: { namespace = '' } }: KubeObject) => !facts.scope?.includes(namespace);
  return [...servicesOfGateways(facts), ...pods].filter(isElsewhere);
}

async function objectsOf(kube: Kube, namespaces: string[], more: KubeObject[]): Promise<File[]> {
  const listed = await Promise.all(
    namespaces.flatMap((namespace) => kinds.map((kind) => listOrSay(kube, kind, namespace))),
  );
  const objects = [...listed.flat(), ...more];
  return [
    { name: 'objects.yaml', text: yamlOf(objects.filter((object) => !isEvent(object))) },
    { name: 'events.yaml', text: yamlOf(objects.filter(isEvent)) },
  ];
}

const logsOf = async (kube: Kube, pods: Pod[], since: number): Promise<File[]> =>
  (
    await Promise.all(
      pods.flatMap((pod) =>
        pod.spec.containers.flatMap(({ name }) => [
          logOf(kube, pod, name, { sinceSeconds: since }),
          ...(hasRestarted(pod, name) ? [logOf(kube, pod, name, { previous: true })] : []),
        ]),
      ),
    )
  ).flat();

const hasRestarted = ({ status }: Pod, container: string): boolean =>
  (status?.containerStatuses ?? []).some(({ name, restartCount }) => name === container && restartCount > 0);

/** All causes that were found, with what they rest on; the first is the one in the report unless a row decided. */
const diagnosisOf = (facts: Facts): string =>
  stringify(
    {
      found: diagnose(facts).map(({ cause, says, evidence, next }) => ({ cause, says, evidence, next })),
      notRead: [...new Set(facts.unread.map(({ error }) => error.message))],
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

/** The lines of the control plane's logs that name one of the namespaces. */
async function controllerLog(
  kube: Kube,
  { name: called, labels }: Controller,
  { namespaces, since }: { namespaces: string[]; since: number },
): Promise<File> {
  const name = `${called}.log`;
  try {
    const { items } = await kube.list<Pod>({ ...podKind, labels });
    const logs = await Promise.all(
      items.map(({ metadata, spec }) =>
        kube.logs(
          { namespace: metadata.namespace ?? '', name: metadata.name },
          {
            container: spec.containers[0]?.name ?? '',
            tailLines: controllerLines,
            sinceSeconds: since,
            limitBytes: mostOfLog,
          },
        ),
      ),
    );
    const about = logs
      .flatMap((log) => log.split('\n'))
      .filter((line) => namespaces.some((each) => line.includes(each)));
    return { name, text: about.map((line) => `${line}\n`).join(''), isLog: true };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { name, text: `${error.message}\n` };
  }
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

async function logOf(
  kube: Kube,
  pod: Pod,
  container: string,
  which: { sinceSeconds: number } | { previous: true },
): Promise<File> {
  const { name, namespace = '' } = pod.metadata;
  const file = `${name}.${container}${'previous' in which ? '.previous' : ''}.log`;
  try {
    const options = { ...which, container, tailLines: logLines, limitBytes: mostOfLog };
    return { name: file, text: await kube.logs({ namespace, name }, options), isLog: true };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { name: file, text: `${error.message}\n` };
  }
}

const yamlOf = (objects: KubeObject[]): string =>
  objects.map((object) => stringify(withoutSecrets(plain(object)), { lineWidth: 0 })).join('---\n');

/** What kubectl has applied is the object once more, as one text in which nothing can be found to be masked. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without what machines keep in it for themselves. */
function plain({ apiVersion, kind, metadata, ...fields }: KubeObject): KubeObject {
  const {
    managedFields: _,
    annotations,
    ...kept
  } = metadata as KubeObject['metadata'] & {
    managedFields?: unknown;
  };
  const { [LAST_APPLIED]: __, ...others } = annotations ?? {};
  const notes = Object.keys(others).length > 0 && { annotations: others };
  return { apiVersion, kind, metadata: { ...kept, ...notes }, ...fields };
}
