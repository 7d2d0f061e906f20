import { isMade } from '../gateway/made.ts';
import type { Kube } from '../kube/client.ts';
import type { Road } from '../reach/road.ts';
import { type Service, serviceKind } from '../reach/service.ts';
import type { Certificates } from '../tls/certificates.ts';
import { answerIsRight, type Exchange } from './exchange.ts';
import { type Answer, send } from './request.ts';
import { type Steady, steadily } from './steadily.ts';

const inARow = 3;

/**
 * Asks until three requests in a row got no HTTP answer. An address that was given to the Service of another Gateway
 * meanwhile has stopped answering too, whatever that one says. So has one that a Service holds which serves Gateways
 * among others, or, inside a cluster, one that no Service holds any more and that may lead out of the cluster, unless
 * what comes is what the exchange expects.
 * @param isOwn whether a Service was there for what is asked, and nothing else
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
    isOwn,
    signal,
    certificates,
  }: {
    timeout: number;
    connect: number;
    limit: number;
    isOwn: (service: Service) => boolean;
    signal?: AbortSignal;
    certificates: Certificates;
  },
): Promise<Steady<Answer>> {
  return steadily<Answer>(
    async () => {
      const answer = await send(road.address, request, { connect, request: limit, signal, certificates });
      if ('failed' in answer) return { right: true };
      const holders = await holdersOf(kube, road);
      const another = holders.length > 0 ? !holders.some(isOwn) : road.way === 'in-cluster';
      const over =
        another && ((holders.length > 0 && holders.every(isMade)) || !answerIsRight(former, answer, request));
      return over ? { right: true } : { right: false, wrong: answer };
    },
    { times: inARow, timeout, signal },
  );
}

/** The Services that have the address now. */
async function holdersOf(kube: Kube, { leadsTo: { host, port }, way }: Pick<Road, 'leadsTo' | 'way'>) {
  const { items } = await kube.list<Service>(serviceKind);
  return items.filter(
    ({ spec, status }) =>
      spec.clusterIP === host ||
      status?.loadBalancer?.ingress?.some(({ ip, hostname }) => ip === host || hostname === host) ||
      (way === 'nodeport' && spec.ports.some(({ nodePort }) => nodePort === port)),
  );
}
