import { refOf } from '../../kube/objects.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, type Ingress, inScope, nameOf, selects } from '../facts.ts';

const ISTIO = 'istio.io/ingress-controller';

const shows: Diagnosis['shows'] = ['cut', 'not-found', 'stranger'];

/** Ingresses at the address and port of a Gateway or of another Ingress, for the same host. */
export function ingressOverlap(facts: Facts): Diagnosis[] {
  return facts.ingresses.flatMap((ingress, index) => [
    ...beside(facts, ingress),
    ...facts.ingresses.slice(index + 1).flatMap((other) => twice(facts, ingress, other)),
  ]);
}

/** What listens at an address, of whatever kind. */
interface Listening {
  object: Parameters<typeof nameOf>[0];
  what: string;
  /** Its addresses, and the pods that serve it. */
  at: string[];
  ports: number[];
  hosts: string[];
}

function beside(facts: Facts, ingress: Ingress): Diagnosis[] {
  const at = whereIs(facts, ingress);
  const hosts = hostsOf(ingress);
  const ports = ingress.spec.tls?.length ? [80, 443] : [80];
  return [...gateways(facts), ...istioGateways(facts)].flatMap((other): Diagnosis[] => {
    if (!(inScope(facts, ingress) || inScope(facts, other.object))) return [];
    const place = at.find((one) => other.at.includes(one));
    const port = ports.find((one) => other.ports.includes(one));
    const host = hosts.find((one) => other.hosts.includes(one));
    if (place === undefined || port === undefined || host === undefined) return [];
    return [
      {
        cause: 'ingress-overlaps-gateway',
        says: `Ingress ${nameOf(ingress)} and ${other.what} are served at the same place and port, ${place} port ${port}, for the same host`,
        evidence: [
          `Ingress ${nameOf(ingress)}: hosts ${hosts.join(', ')}`,
          `${other.what}: port ${port}, hosts ${other.hosts.join(', ')}`,
          `both at ${place}`,
        ],
        next: facts.kubectl('get ingress --all-namespaces'),
        about: refOf(inScope(facts, other.object) ? other.object : ingress),
        shows,
      },
    ];
  });
}

/** At the addresses in its status; Istio serves Ingresses by the pods with this label, unless it is told others. */
function whereIs({ ingressClasses, pods }: Facts, ingress: Ingress): string[] {
  const addresses = (ingress.status?.loadBalancer?.ingress ?? []).map(valueOf);
  const own = ingressClasses.find(({ metadata }) => metadata.name === classOf(ingress));
  if (own?.spec.controller !== ISTIO) return addresses;
  const serving = pods.filter(({ metadata }) => selects({ istio: 'ingressgateway' }, metadata.labels));
  return [...addresses, ...serving.map(podWords)];
}

function gateways({ gateways: all }: Facts): Listening[] {
  return all.map((object) => ({
    object,
    what: `Gateway ${nameOf(object)}`,
    at: (object.status?.addresses ?? []).map(({ value }) => value),
    ports: object.spec.listeners.map(({ port }) => port),
    hosts: object.spec.listeners.map(({ hostname = '*' }) => hostname),
  }));
}

/** An Istio Gateway is at its pods, and at the addresses of their Services. */
function istioGateways({ istioGateways: all, pods, services }: Facts): Listening[] {
  return all.map((object) => {
    const serving = pods.filter(({ metadata }) => selects(object.spec.selector, metadata.labels));
    const before = services.filter(({ metadata, spec }) =>
      serving.some(
        (pod) => pod.metadata.namespace === metadata.namespace && selects(spec.selector, pod.metadata.labels),
      ),
    );
    const servers = object.spec.servers ?? [];
    return {
      object,
      what: `Gateway ${nameOf(object)} (Istio API)`,
      at: [
        ...before.flatMap(({ status }) => status?.loadBalancer?.ingress ?? []).map(valueOf),
        ...serving.map(podWords),
      ],
      ports: servers.map(({ port }) => port.number),
      hosts: servers.flatMap((server) => server.hosts.map((host) => host.replace(/^[^/]*\//, ''))),
    };
  });
}

/** Two Ingresses of one class with the same host and path. */
function twice(facts: Facts, one: Ingress, other: Ingress): Diagnosis[] {
  if (!(inScope(facts, one) || inScope(facts, other)) || classOf(one) !== classOf(other)) return [];
  const theirs = pathsOf(other);
  const both = pathsOf(one).find((path) => theirs.includes(path));
  if (both === undefined) return [];
  return [
    {
      cause: 'ingresses-overlap',
      says: `Ingresses ${nameOf(one)} and ${nameOf(other)} both have ${both}: which of them is served is not defined`,
      evidence: [one, other].map((each) => `Ingress ${nameOf(each)}: ${pathsOf(each).join(', ')}`),
      next: facts.kubectl('get ingress --all-namespaces'),
      about: refOf(inScope(facts, one) ? one : other),
      shows,
    },
  ];
}

const valueOf = ({ ip, hostname }: { ip?: string; hostname?: string }): string => ip ?? hostname ?? '';

const podWords = (pod: Parameters<typeof nameOf>[0]): string => `pod ${nameOf(pod)}`;

const hostsOf = ({ spec }: Ingress): string[] => [
  ...new Set((spec.rules ?? [{}]).map(({ host }) => host ?? '*')),
];

const pathsOf = ({ spec }: Ingress): string[] =>
  (spec.rules ?? []).flatMap(({ host = '*', http }) =>
    (http?.paths ?? []).map(({ path = '/' }) => `${host}${path}`),
  );

const classOf = ({ metadata, spec }: Ingress): string | undefined =>
  spec.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'];
