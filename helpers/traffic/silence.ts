import type { Kube } from '../kube/client.ts';
import type { Road } from '../reach/road.ts';
import { type Service, serviceKind } from '../reach/service.ts';
import type { Certificates } from '../tls/certificates.ts';
import { answerIsRight, type Exchange } from './exchange.ts';
import { type Answer, send } from './request.ts';
import { type Steady, steadily } from './steadily.ts';

const inARow = 3;

/**
 * Asks until three requests in a row got no HTTP answer. An address that was given to another Service meanwhile has
 * stopped answering too, whatever that one says. Inside a cluster, so has one that no Service holds any more, unless
 * what it says is what the exchange expects: it leads out of the cluster then, where anything may answer.
 * @returns how it went, with the last answer that came
 */
export async function fallsSilent(
  kube: Kube,
  road: Pick<Road, 'address' | 'leadsTo' | 'way'>,
  { request, answer: former }: Exchange,
  {
    timeout,
    connect,
    limit,
    formerly,
    signal,
    certificates,
  }: {
    timeout: number;
    connect: number;
    limit: number;
    formerly: string;
    signal?: AbortSignal;
    certificates: Certificates;
  },
): Promise<Steady<Answer>> {
  return steadily<Answer>(
    async () => {
      const answer = await send(road.address, request, { connect, request: limit, signal, certificates });
      if ('failed' in answer) return { right: true };
      const holders = await holdersOf(kube, road);
      const stranger =
        holders.length === 0
          ? road.way === 'in-cluster' && !answerIsRight(former, answer, request)
          : !holders.includes(formerly);
      return stranger ? { right: true } : { right: false, wrong: answer };
    },
    { times: inARow, timeout, signal },
  );
}

/** Namespaces of the Services that have the address now. */
async function holdersOf(kube: Kube, { leadsTo: { host, port }, way }: Pick<Road, 'leadsTo' | 'way'>) {
  const { items } = await kube.list<Service>(serviceKind);
  return items
    .filter(
      ({ spec, status }) =>
        spec.clusterIP === host ||
        status?.loadBalancer?.ingress?.some(({ ip, hostname }) => ip === host || hostname === host) ||
        (way === 'nodeport' && spec.ports.some(({ nodePort }) => nodePort === port)),
    )
    .map(({ metadata }) => metadata.namespace ?? '');
}
