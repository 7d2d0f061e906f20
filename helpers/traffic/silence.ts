import type { Kube } from '../kube/client.ts';
import { type Service, serviceKind } from '../reach/service.ts';
import { type Address, type Answer, type Request, send } from './request.ts';
import { type Steady, steadily } from './steadily.ts';

const inARow = 3;

/**
 * Asks until three requests in a row got no HTTP answer. An address that was given to another Service meanwhile has
 * stopped answering too, whatever that one says.
 * @returns how it went, with the last answer that came
 */
export async function fallsSilent(
  kube: Kube,
  address: Address,
  request: Request,
  {
    timeout,
    connect,
    limit,
    formerly,
    signal,
  }: { timeout: number; connect: number; limit: number; formerly: string; signal?: AbortSignal },
): Promise<Steady<Answer>> {
  return steadily<Answer>(
    async () => {
      const answer = await send(address, request, { connect, request: limit, signal });
      if ('failed' in answer || (await heldByAnother(kube, address.host, formerly))) return { right: true };
      return { right: false, wrong: answer };
    },
    { times: inARow, timeout, signal },
  );
}

/** Whether a Service outside that namespace has the address now. */
async function heldByAnother(kube: Kube, host: string, formerly: string): Promise<boolean> {
  const { items } = await kube.list<Service>(serviceKind);
  return items.some(
    ({ metadata, status }) =>
      metadata.namespace !== formerly &&
      status?.loadBalancer?.ingress?.some(({ ip, hostname }) => ip === host || hostname === host),
  );
}
