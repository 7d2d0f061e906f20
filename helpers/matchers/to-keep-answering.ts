import type { Ingress } from '../edge/edge.ts';
import { type Exchange, expectedLine, outcomeLine, requestLine } from '../traffic/exchange.ts';
import { authority } from '../traffic/request.ts';
import { throughout } from '../traffic/throughout.ts';
import { askedOf, reproOf } from './asked.ts';
import type { Result } from './result.ts';
import { causeOf } from './to-answer.ts';

/** What happens while it is asked. */
export interface During {
  during: () => Promise<void>;
}

/** Every single request is answered as the row says, from before something happens until it has happened. */
export async function toKeepAnswering(
  ingress: Ingress,
  exchange: Exchange,
  { during }: During,
): Promise<Result> {
  const { of, address, edge } = ingress;
  const { requests, wrong, first } = await throughout(exchange, await askedOf(ingress), during);
  of.notes.attempts += requests;
  if (!first)
    return { pass: true, message: () => `${requests} requests at ${authority(address)} came out right` };
  const failure = {
    expected: `${requestLine(exchange.request)} → ${expectedLine(exchange.answer)}, each of ${requests} times`,
    got: `${wrong} times otherwise, at first: ${outcomeLine(first.outcome, exchange.answer)}`,
    cause: await causeOf(ingress, first),
    repro: reproOf(ingress, exchange.request),
  };
  of.fail(failure);
  return {
    pass: false,
    message: () =>
      [
        `${edge.what} at ${authority(address)}`,
        `  expected: ${failure.expected}`,
        `  got:      ${failure.got}`,
        `  cause:    ${failure.cause}`,
        `  repro:    ${failure.repro}`,
      ].join('\n'),
  };
}
