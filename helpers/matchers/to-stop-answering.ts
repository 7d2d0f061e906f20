import type { Ingress } from '../edge/edge.ts';
import { type Exchange, requestLine } from '../traffic/exchange.ts';
import { fallsSilent } from '../traffic/silence.ts';
import { reproOf } from './asked.ts';
import type { Result } from './result.ts';

/** Three requests in a row get no answer any more; asked as the exchange says. */
export async function toStopAnswering(ingress: Ingress, exchange: Exchange): Promise<Result> {
  const { of, setup, road, edge } = ingress;
  const { kube, run } = setup.cluster;
  const { gone: timeout, connect, request: limit } = run.timeouts;
  const { steady, lastWrong, tries, elapsedMs } = await fallsSilent(kube, road, exchange, {
    timeout,
    connect,
    limit,
    isOwn: (service) => edge.isOwn(service),
    signal: of.signal,
    certificates: setup.certificates,
  });
  of.notes.attempts += tries;
  const step = { asked: requestLine(exchange.request), wanted: 'no answer any more', attempts: tries };
  if (steady) {
    const steps = [{ ...step, got: 'no answer', right: true }];
    return { pass: true, message: () => `${road.what} stopped answering`, steps };
  }
  const failure = {
    expected: `no answer at ${road.what} any more`,
    got: `${lastWrong?.status}, still after ${(elapsedMs / 1_000).toFixed(1)} s`,
    cause: 'the proxy of the deleted Gateway still runs, and the address still leads to it',
    repro: reproOf(ingress, exchange.request, {
      unsayable: 'What a deletion leaves behind takes what was there before',
    }),
  };
  of.fail(failure);
  return {
    pass: false,
    steps: [{ ...step, got: failure.got, right: false }],
    message: () =>
      `${step.asked} at ${road.what}\n  expected: ${failure.expected}\n  got:      ${failure.got}\n  repro:    ${failure.repro}`,
  };
}
