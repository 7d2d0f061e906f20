import { withoutSecrets } from '../../reports/secrets.ts';
import { isMade } from '../gateway/made.ts';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import type { Pod } from '../pods/types.ts';
import { askPod, PodSilent } from '../reach/ask-pod.ts';
import { ForwardForbidden } from '../reach/forward.ts';
import { type Facts, inScope, selects } from './facts.ts';
import type { File } from './files.ts';
import { podsOfGateway } from './served.ts';

/** Where Envoy's own interface is: Istio's port, Envoy Gateway's, the one of Envoy's documentation. */
const adminPorts = [15_000, 19_000, 9_901];
/** Milliseconds for one question; a gateway that is at its end may never answer. */
const patience = 5_000;
/** Bytes of one answer. A mesh's clusters are asked for by name. */
const most = 4 * 1_024 * 1_024;
/** Gateways of one look. */
const mostGateways = 4;

interface Info {
  version: string;
  state: string;
  uptime_current_epoch: string;
}

/** The pods that serve gateways of the scope, wherever they are. */
export function gatewayPods(facts: Facts): Pod[] {
  const { scope, pods, gateways, istioGateways } = facts;
  const served = gateways
    .filter((one) => inScope(facts, one))
    .flatMap((gateway) => podsOfGateway(facts, gateway));
  const isHere = ({ metadata: { namespace = '' } }: { metadata: Pod['metadata'] }): boolean =>
    scope?.includes(namespace) !== false;
  const selectors = istioGateways.filter(isHere).map(({ spec }) => spec.selector);
  return pods.filter(
    (pod) =>
      served.includes(pod) ||
      (isHere(pod) && (isMade(pod) || runsEnvoy(pod))) ||
      selectors.some((selector) => selects(selector, pod.metadata.labels)),
  );
}

/** Whether a container of the pod is an Envoy by its name or its image. */
const runsEnvoy = ({ spec }: Pod): boolean =>
  spec.containers.some(
    ({ name, image = '' }) => /envoy|istio-proxy/.test(name) || /envoy|proxyv2/.test(image),
  );

/**
 * What Envoy in the gateways' pods has for listeners, routes, clusters and endpoints, the latter two as far as their
 * names have one of the namespaces in them; for a pod without Envoy, that it has none. Settles when all of them have
 * answered or not in time.
 * @see https://www.envoyproxy.io/docs/envoy/latest/operations/admin
 */
export async function envoysOf(kube: Kube, facts: Facts, namespaces: string[]): Promise<File[]> {
  const pods = gatewayPods(facts);
  const files = await Promise.all(pods.slice(0, mostGateways).map((pod) => envoyOf(kube, pod, namespaces)));
  const others = pods.slice(mostGateways).map(({ metadata }) => metadata.name);
  const unasked = { name: 'gateways-not-asked.txt', text: others.map((name) => `${name}\n`).join('') };
  return [...files.flat(), unasked];
}

async function envoyOf(kube: Kube, pod: Pod, namespaces: string[]): Promise<File[]> {
  const { name, namespace = '' } = pod.metadata;
  const said = (text: string): File[] => [{ name: `${name}.envoy.txt`, text: `${text}\n` }];
  if (!runsEnvoy(pod)) {
    const images = pod.spec.containers.map(({ name: called, image = called }) => image).join(', ');
    return said(`no Envoy: Pod ${namespace}/${name} runs ${images}`);
  }
  const ask = (port: number, path: string): Promise<string> =>
    askPod(kube, { namespace, name }, { port, path }, { timeout: patience, most });
  const silent: string[] = [];
  for (const port of adminPorts) {
    try {
      const {
        version,
        state,
        uptime_current_epoch: up,
      } = JSON.parse(await ask(port, '/server_info')) as Info;
      const about = `Envoy ${version}, ${state}, up ${up}, asked at port ${port}`;
      return [...said(about), ...(await viewOf((path) => ask(port, path), name, namespaces))];
    } catch (error) {
      silent.push(wordsOf(error));
    }
  }
  return said(['Envoy was not to be asked:', ...silent].join('\n'));
}

/** One question after another: many forwarded connections at once are refused on the way. */
async function viewOf(
  ask: (path: string) => Promise<string>,
  name: string,
  namespaces: string[],
): Promise<File[]> {
  const named = encodeURIComponent(`.*(${namespaces.join('|')}).*`);
  const dumps: [part: string, query: string][] = [
    ['listeners', 'resource=dynamic_listeners'],
    ['routes', 'resource=dynamic_route_configs'],
    ['clusters', `resource=dynamic_active_clusters&name_regex=${named}`],
  ];
  const files: File[] = [];
  for (const [part, query] of dumps) {
    const text = await orSay(async () => {
      const { configs = [] } = JSON.parse(await ask(`/config_dump?${query}`)) as { configs?: object[] };
      return JSON.stringify(withoutSecrets(configs), undefined, 1);
    });
    files.push({ name: `${name}.${part}.json`, text });
  }
  const endpoints = await orSay(async () =>
    (await ask('/clusters'))
      .split('\n')
      .filter((line) => namespaces.some((each) => line.includes(each)))
      .join('\n'),
  );
  return [...files, { name: `${name}.endpoints.txt`, text: endpoints }];
}

async function orSay(text: () => Promise<string>): Promise<string> {
  try {
    return await text();
  } catch (error) {
    return `${wordsOf(error)}\n`;
  }
}

/** What is no refusal of cluster or pod is a fault of ours. */
function wordsOf(error: unknown): string {
  if (error instanceof PodSilent || error instanceof ApiError || error instanceof SyntaxError)
    return error.message;
  if (error instanceof ForwardForbidden) return `${error.got}: ${error.cause}; next: ${error.next}`;
  throw error;
}
