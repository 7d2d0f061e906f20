import { labelWords, refOf } from '../../kube/objects.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, type IstioGateway, inScope, isKnown, nameOf, selects } from '../facts.ts';

const shows: Diagnosis['shows'] = ['no-connection', 'cut', 'not-found', 'stranger'];

/** Gateways that want the same port: which of them is served is up to the order in which they came. */
export function overlap(facts: Facts): Diagnosis[] {
  return [...conflicts(facts), ...sameAddress(facts), ...samePods(facts)];
}

/** Listeners that the controller itself says are in conflict. */
function conflicts(facts: Facts): Diagnosis[] {
  return facts.gateways
    .filter((one) => inScope(facts, one))
    .flatMap((gateway): Diagnosis[] => {
      const { name, namespace, generation } = gateway.metadata;
      const conflicting = (gateway.status?.listeners ?? []).flatMap(({ name: listener, conditions }) =>
        conditions
          .filter(
            ({ type, status, observedGeneration }) =>
              type === 'Conflicted' && status === 'True' && observedGeneration === generation,
          )
          .map(({ reason, message }) => ({ listener, reason, message })),
      );
      const [first] = conflicting;
      if (!first) return [];
      // a controller may serve the first of them, or none
      const who = conflicting.map(({ listener }) => listener).join(' and listener ');
      return [
        {
          cause: 'listeners-conflict',
          says: `listener ${who} of Gateway ${nameOf(gateway)} ${conflicting.length > 1 ? 'are in conflict with each other' : 'is in conflict with another one of its port'}: ${first.reason}`,
          evidence: [
            ...conflicting.map(
              ({ listener, reason, message }) =>
                `listener ${listener}: Conflicted True ${reason}: ${message}`,
            ),
            ...gateway.spec.listeners.map(listenerLine),
          ],
          next: facts.kubectl(`-n ${namespace} get gateways.gateway.networking.k8s.io ${name} -o yaml`),
          about: refOf(gateway),
          shows: [...shows, 'status'],
        },
      ];
    });
}

const listenerLine = (listener: {
  name: string;
  port: number;
  protocol: string;
  hostname?: string;
}): string =>
  `listener ${listener.name}: port ${listener.port} ${listener.protocol}, host ${listener.hostname ?? 'any'}`;

/** Gateways that report one address, with listeners of one port and host. */
function sameAddress(facts: Facts): Diagnosis[] {
  const { gateways } = facts;
  return gateways.flatMap((one, index) =>
    gateways.slice(index + 1).flatMap((other): Diagnosis[] => {
      const shared = one.status?.addresses?.find(({ value }) =>
        other.status?.addresses?.some((address) => address.value === value),
      );
      if (!shared || !(inScope(facts, one) || inScope(facts, other))) return [];
      const pairs = one.spec.listeners.flatMap((mine) =>
        other.spec.listeners
          .filter(({ port, hostname }) => port === mine.port && (hostname ?? '*') === (mine.hostname ?? '*'))
          .map((theirs) => [mine, theirs] as const),
      );
      return pairs.slice(0, 1).map(([mine, theirs]) => ({
        cause: 'gateways-overlap',
        says: `Gateways ${nameOf(one)} and ${nameOf(other)} have one address and listen at its port ${mine.port} for the same host`,
        evidence: [
          `address of both: ${shared.value}`,
          `${nameOf(one)}: ${listenerLine(mine)}`,
          `${nameOf(other)}: ${listenerLine(theirs)}`,
        ],
        next: facts.kubectl('get gateways.gateway.networking.k8s.io --all-namespaces'),
        about: refOf(inScope(facts, one) ? one : other),
        shows,
      }));
    }),
  );
}

/**
 * Gateways of Istio's API at the same pods, with servers of one port that are for the same host, or of protocols that
 * one port cannot have both: Istio keeps the older one and drops the other without a word in any status.
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0145/
 */
function samePods(facts: Facts): Diagnosis[] {
  if (!isKnown(facts, 'Pod')) return [];
  const { istioGateways, pods, kubectl } = facts;
  const podsOf = new Map(
    istioGateways.map((gateway) => [
      gateway,
      pods.filter(({ metadata }) => selects(gateway.spec.selector, metadata.labels)),
    ]),
  );
  return istioGateways.flatMap((one, index) =>
    istioGateways.slice(index + 1).flatMap((other): Diagnosis[] => {
      if (!(inScope(facts, one) || inScope(facts, other))) return [];
      const theirs = podsOf.get(other) ?? [];
      const pod = podsOf.get(one)?.find((mine) => theirs.includes(mine));
      const clash = pod && clashOf(one, other);
      if (!clash) return [];
      return [
        {
          cause: 'gateways-overlap',
          says: `Gateways ${nameOf(one)} and ${nameOf(other)} are served by the same pods and both want port ${clash.port}, ${clash.why}`,
          evidence: [
            ...[one, other].map((each) => `Gateway ${nameOf(each)}: ${serverLines(each, clash.port)}`),
            `both select pod ${nameOf(pod)} (${labelWords(one.spec.selector)}; ${labelWords(other.spec.selector)})`,
          ],
          next: kubectl('get gateways.networking.istio.io --all-namespaces'),
          about: refOf(inScope(facts, one) ? one : other),
          shows,
        },
      ];
    }),
  );
}

function clashOf(one: IstioGateway, other: IstioGateway): { port: number; why: string } | undefined {
  for (const mine of one.spec.servers ?? []) {
    for (const theirs of other.spec.servers ?? []) {
      const apart = mine.port.number !== theirs.port.number || (mine.bind ?? '') !== (theirs.bind ?? '');
      if (apart) continue;
      const { number: port } = mine.port;
      if (familyOf(mine.port.protocol) !== familyOf(theirs.port.protocol)) {
        return { port, why: `one as ${mine.port.protocol} and the other as ${theirs.port.protocol}` };
      }
      const host = mine.hosts.map(bare).find((each) => theirs.hosts.map(bare).includes(each));
      if (host !== undefined) return { port, why: `for the host ${host}` };
    }
  }
  return undefined;
}

/** Protocols that one port can have side by side. */
function familyOf(protocol: string): string {
  const name = protocol.toUpperCase();
  if (['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'].includes(name)) return 'HTTP';
  return ['HTTPS', 'TLS'].includes(name) ? 'TLS' : name;
}

/** A server's host may have the namespace of VirtualServices before it: `shop/web.example`, `./*`. */
const bare = (host: string): string => host.replace(/^[^/]*\//, '').toLowerCase();

const serverLines = ({ spec }: IstioGateway, port: number): string =>
  (spec.servers ?? [])
    .filter((server) => server.port.number === port)
    .map(
      (server) =>
        `server ${server.port.name}: port ${port} ${server.port.protocol}, hosts ${server.hosts.join(', ')}`,
    )
    .join('; ');
