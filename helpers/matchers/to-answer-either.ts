import type { Ingress } from '../edge/edge.ts';
import {
  answerIsRight,
  type Exchange,
  type Expected,
  expectedLine,
  outcomeLine,
  requestLine,
  statusIsRight,
} from '../traffic/exchange.ts';
import type { Request } from '../traffic/request.ts';
import { type Asked, ask, type Sent, sightingOf } from '../traffic/rounds.ts';
import { askedOf, reproOf } from './asked.ts';
import { complain } from './complain.ts';
import type { Result } from './result.ts';
import { toAnswer } from './to-answer.ts';

/**
 * A request is answered in one of several ways, always in the same. Which one it is is noted as observed: no
 * specification decides between them. While it is asked, another exchange has to come out as it says.
 */
export async function toAnswerEither(
  ingress: Ingress,
  request: Request,
  answers: Expected[],
  beside: { while: Exchange },
): Promise<Result> {
  const served = await toAnswer(ingress, beside.while);
  if (!served.pass) return served;
  const what = `${requestLine(request)}${ingress.over ? ` over ${ingress.over.what}` : ''}`;
  const { sent, asked, chosen } = await chosenBy(ingress, request, answers);
  const { exchange, answer } = sent;
  if (chosen) {
    const result = await toAnswer(ingress, { request, answer: chosen }, beside);
    if (result.pass) ingress.of.observe(what, expectedLine(chosen));
    return result;
  }
  const alike = answers.find(
    (each) => !('refused' in each) && !('failed' in answer) && statusIsRight(each, answer),
  );
  const failure = {
    expected: `${what} → ${answers.map((each) => expectedLine(each)).join(', or ')}`,
    got: outcomeLine({ answer, sighting: sightingOf(sent, asked) }, alike ?? exchange.answer),
    cause: 'the gateway answers in a way that no specification knows',
    repro: reproOf(ingress, request, {
      unsayable: 'Any of several answers would have been right, each time the same',
    }),
  };
  const wanted = answers.map((each) => expectedLine(each)).join(', or ');
  const step = { asked: what, wanted, got: failure.got, attempts: 1, right: false };
  return complain(ingress, failure, { steps: [step] });
}

/** Asks once; `chosen` is the way in which it was answered, as far as that is told without a log. */
export async function chosenBy(
  ingress: Ingress,
  request: Request,
  answers: Expected[],
): Promise<{ sent: Sent; asked: Asked; chosen: Expected | undefined }> {
  const asked = await askedOf(ingress);
  const sent = await ask({ request, answer: { status: 200, backend: null } }, asked);
  return { sent, asked, chosen: answers.find((each) => answerIsRight(each, sent.answer, request)) };
}
