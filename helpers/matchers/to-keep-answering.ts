import type { Ingress } from '../edge/edge.ts';
import { due, type Exchange, expectedLine, outcomeLine, requestLine, unmet } from '../traffic/exchange.ts';
import { type Lasting, throughout } from '../traffic/throughout.ts';
import { askedOf, reproOf } from './asked.ts';
import { complain } from './complain.ts';
import type { Result } from './result.ts';
import { causeOf } from './to-answer.ts';

/** Every single request is answered as the row says: while something happens, or so many times. */
export async function toKeepAnswering(
  ingress: Ingress,
  exchange: Exchange,
  lasting: Lasting,
): Promise<Result> {
  const { of, road } = ingress;
  const { requests, wrong, first } = await throughout(exchange, await askedOf(ingress), lasting);
  of.notes.attempts += requests;
  const step = {
    asked: requestLine(exchange.request),
    wanted: `${expectedLine(exchange.answer)}, each time`,
    attempts: requests,
  };
  if (!first) {
    return {
      pass: true,
      message: () => `${requests} requests at ${road.what} came out right`,
      steps: [{ ...step, got: 'that, each time', right: true }],
    };
  }
  const missed = unmet(exchange.answer, first.outcome);
  const failure = {
    expected: `${requestLine(exchange.request)} → ${expectedLine(missed)}, each of ${requests} times`,
    got: `${wrong} times otherwise, at first: ${outcomeLine(first.outcome, missed)}`,
    ...(await causeOf(ingress, first)),
    repro: reproOf(
      ingress,
      exchange.request,
      'times' in lasting
        ? { expected: due(exchange.answer, first.outcome.sighting), times: lasting.times }
        : { unsayable: 'It came out wrong while something was changed' },
    ),
  };
  return complain(ingress, failure, { steps: [{ ...step, got: failure.got, right: false }] });
}
