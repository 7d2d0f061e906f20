import type { Ingress } from '../edge/edge.ts';
import { type Exchange, requestLine } from '../traffic/exchange.ts';
import { curl } from '../traffic/repro.ts';
import { authority } from '../traffic/request.ts';
import { fallsSilent } from '../traffic/silence.ts';
import type { Result } from './result.ts';

/** Three requests in a row get no answer any more; asked as the exchange says. */
export async function toStopAnswering(
  { of, setup, address, edge }: Ingress,
  { request }: Exchange,
): Promise<Result> {
  const { kube, run } = setup.cluster;
  const { gone: timeout, connect, request: limit } = run.timeouts;
  const { steady, lastWrong, tries, elapsedMs } = await fallsSilent(kube, address, request, {
    timeout,
    connect,
    limit,
    formerly: edge.namespace,
    signal: of.signal,
  });
  of.notes.attempts += tries;
  if (steady) return { pass: true, message: () => `${authority(address)} stopped answering` };
  const failure = {
    expected: `no answer at ${authority(address)} any more`,
    got: `${lastWrong?.status}, still after ${(elapsedMs / 1_000).toFixed(1)} s`,
    cause: 'the proxy of the deleted Gateway still runs, and the address still leads to it',
    repro: curl(address, request),
  };
  of.fail(failure);
  return {
    pass: false,
    message: () =>
      `${requestLine(request)} at ${authority(address)}\n  expected: ${failure.expected}\n  got:      ${failure.got}\n  repro:    ${failure.repro}`,
  };
}
