import { ISTIOD } from '../../cluster/preflight/istio.ts';
import { gatewayKind, httpRouteKind } from '../gateway/types.ts';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { type Kind, type KubeObject, labelWords, type Selection } from '../kube/objects.ts';
import { podKind } from '../pods/types.ts';
import { type Service, serviceKind } from '../reach/service.ts';
import { backendsNamed } from './backends.ts';
import { certificatesNamed } from './certificates.ts';
import { type Facts, nameOf, type SecretName } from './facts.ts';
import { secretNames } from './secrets.ts';
import { servicesOfGateways } from './served.ts';

/** Where configuration is, by the name that the facts give it. All namespaces are looked at: another one's overlaps. */
const everywhere = {
  gatewayClasses: [{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass' }],
  gateways: [gatewayKind],
  // v1 since Gateway API 1.5; the older one is served with it
  grants: [{ apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant' }],
  istioGateways: [{ apiVersion: 'networking.istio.io/v1', kind: 'Gateway' }],
  virtualServices: [{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' }],
  ingresses: [{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' }],
  ingressClasses: [{ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass' }],
  services: [serviceKind],
  namespaces: [{ apiVersion: 'v1', kind: 'Namespace' }],
  nodes: [{ apiVersion: 'v1', kind: 'Node' }],
  istiods: [{ apiVersion: 'apps/v1', kind: 'Deployment', labels: ISTIOD }],
  webhooks: ['Mutating', 'Validating'].map((prefix) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${prefix}WebhookConfiguration`,
    labels: 'istio.io/rev',
  })),
} satisfies Partial<Record<keyof Facts, Selection[]>>;

/** A route is diagnosed where it is, and a cluster may have thousands. */
const routeKinds: Kind[] = [
  httpRouteKind,
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GRPCRoute' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'TLSRoute' },
];
const sliceKind: Kind = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };
const eventKind: Kind = { apiVersion: 'v1', kind: 'Event' };

/** Where to list: a namespace, or all of them. */
type Place = Pick<Selection, 'namespace'>;

/** Up to this many namespaces are asked one by one; for more, one list of all of them is less work. */
const fewNamespaces = 4;

const placesOf = (namespaces: string[] | undefined): Place[] =>
  namespaces === undefined || namespaces.length > fewNamespaces
    ? [{}]
    : namespaces.map((namespace) => ({ namespace }));

/**
 * Collects what diagnoses are made from, with two rounds of lists: configuration of all namespaces, then pods,
 * endpoints, events and the names of Secrets where the configuration leads. Of Secrets no data is read.
 * @param scope the namespaces to be diagnosed; undefined: all
 * @returns the facts; what the API server refused, or did not answer, is noted in them
 */
export async function collectFacts(kube: Kube, scope?: string[]): Promise<Facts> {
  const unread: Facts['unread'] = [];
  const list = async (of: Selection): Promise<KubeObject[]> => {
    try {
      return (await kube.list(of)).items;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // 404: the cluster does not know the kind
      if (error.code !== 404) unread.push({ kind: of.kind, error });
      return [];
    }
  };
  const listAll = async (selections: Selection[]): Promise<KubeObject[]> =>
    (await Promise.all(selections.map(list))).flat();

  const within = async (kinds: Kind[], places: Place[]): Promise<KubeObject[]> =>
    listAll(kinds.flatMap((kind) => places.map((place) => ({ ...kind, ...place }))));

  const [routes, ...named] = await Promise.all([
    within(routeKinds, placesOf(scope)),
    ...Object.entries(everywhere).map(async ([name, kinds]) => [name, await listAll(kinds)] as const),
  ]);
  const facts: Facts = {
    scope,
    kubectl: (words) => kube.kubectl(words),
    unread,
    ...(Object.fromEntries(named) as Pick<Facts, keyof typeof everywhere>),
    routes: routes as Facts['routes'],
    slices: [],
    pods: [],
    events: [],
    secrets: { namespaces: [], found: [] },
    probes: [],
  };
  const concerned = concernedBy(facts);
  const where = placesOf(concerned);
  const all = where.some(({ namespace }) => namespace === undefined);
  const elsewhere = all ? [] : gatewaysElsewhere(facts, concerned ?? []);
  const theirs = [...new Set(elsewhere.map(({ metadata: { namespace = '' } }) => namespace))];
  const [pods, selected, slices, events] = await Promise.all([
    within([podKind], where),
    listAll(all ? [] : [...selectorsOf(facts), ...elsewhere.flatMap(podsBehind)]),
    within([sliceKind], where),
    within([eventKind], [...where, ...theirs.map((namespace) => ({ namespace }))]),
  ]);
  const byName = new Map([...pods, ...selected].map((pod) => [nameOf(pod), pod]));
  Object.assign(facts, { pods: [...byName.values()], slices, events });
  facts.secrets = await secretsFor(kube, facts);
  return facts;
}

/** Namespaces whose pods and endpoints tell something; undefined: all. */
function concernedBy(facts: Facts): string[] | undefined {
  if (facts.scope === undefined) return undefined;
  const backends = backendsNamed(facts).map(({ namespace }) => namespace);
  return [...new Set([...facts.scope, ...backends])];
}

/** The Services in front of Gateways of the scope that are in none of the namespaces. */
function gatewaysElsewhere(facts: Facts, namespaces: string[]): Service[] {
  return servicesOfGateways(facts).filter(({ metadata }) => !namespaces.includes(metadata.namespace ?? ''));
}

function podsBehind({ metadata: { namespace }, spec }: Service): Selection[] {
  const labels = labelWords(spec.selector);
  return labels === '' ? [] : [{ ...podKind, namespace, labels }];
}

/** The pods that Istio Gateways in the scope select, which may be anywhere. */
function selectorsOf({ istioGateways, scope }: Facts): Selection[] {
  const words = istioGateways
    .filter(({ metadata }) => scope?.includes(metadata.namespace ?? ''))
    .map(({ spec }) => labelWords(spec.selector))
    .filter((labels) => labels !== '');
  return [...new Set(words)].map((labels) => ({ ...podKind, labels }));
}

async function secretsFor(kube: Kube, facts: Facts): Promise<Facts['secrets']> {
  const certificates = certificatesNamed(facts);
  if (certificates.length === 0) return { namespaces: [], found: [] };
  const wanted = new Set([
    ...(facts.scope ?? []),
    ...certificates.flatMap(({ namespaces, of }) => [...namespaces, of.namespace ?? '']),
  ]);
  const namespaces: string[] = [];
  const found: SecretName[] = [];
  await Promise.all(
    [...wanted].map(async (namespace) => {
      try {
        const here = await secretNames(kube, namespace);
        namespaces.push(namespace);
        found.push(...here);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        facts.unread.push({ kind: 'Secret', error });
      }
    }),
  );
  return { namespaces, found };
}
