import type { Failure } from '../../reports/run.ts';
import type { Ingress } from '../edge/edge.ts';
import { assurance } from '../statistics/shares.ts';
import { expectedLine, outcomeLine, requestLine } from '../traffic/exchange.ts';
import { authority, type Request } from '../traffic/request.ts';
import { type Branch, type DecidedSplit, decideSplit, percent, sharesLine } from '../traffic/split.ts';
import { askedOf, reproOf } from './asked.ts';
import { complain, within } from './complain.ts';
import type { Result } from './result.ts';
import { causeOf, type While } from './to-answer.ts';

/**
 * A request is answered in these ways, in the shares that their weights give. What is right is found otherwise once in
 * a million times at most; shares that are off by ten percentage points or more pass once in a hundred times at most.
 * @param beside `while`: where ways differ in who gets a copy, an exchange that the backend answers which gets them
 */
export async function toSplit(
  ingress: Ingress,
  request: Request,
  branches: Branch[],
  beside: While = {},
): Promise<Result> {
  const { of, setup, address } = ingress;
  const decided = await decideSplit(request, branches, await askedOf(ingress), {
    beside: beside.while,
    firstRight: () => {
      of.notes.milestones.firstRight ??= setup.elapsed;
    },
  });
  of.notes.attempts += decided.requests;
  const { steady, verdict, requests, elapsedMs } = decided;
  const step = {
    asked: requestLine(request),
    wanted: sharesLine(branches),
    got: gotLine(decided, branches),
    attempts: requests,
  };
  if (steady && verdict === 'as expected') {
    of.notes.milestones.steady ??= setup.elapsed;
    const steps = [{ ...step, right: true }];
    return { pass: true, message: () => `${authority(address)} answers in these shares`, steps };
  }
  const repro = reproOf(ingress, request, { branches });
  const failure = {
    expected: `${step.asked} → ${step.wanted}`,
    got: step.got,
    ...(await whyNot(ingress, decided)),
    // one request shows no shares
    repro: steady ? of.again : repro,
  };
  const tried = `${requests} requests ${within(elapsedMs)}`;
  return complain(ingress, failure, { tried, steps: [{ ...step, right: false }] });
}

function gotLine({ steady, verdict, lastWrong, counts }: DecidedSplit, branches: Branch[]): string {
  const wrong = lastWrong && outcomeLine(lastWrong.outcome, lastWrong.exchange.answer);
  if (!steady && wrong !== undefined) return wrong;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const lines = branches.map(({ answer }, at) => {
    const count = counts[at] ?? 0;
    return `${percent(count / all)} (${count} of ${all}) ${expectedLine(answer)}`;
  });
  // counting begins anew after an answer of no branch
  if (verdict === 'open' && wrong !== undefined) lines.push(`before them ${wrong}`);
  return lines.join('; ');
}

async function whyNot(
  ingress: Ingress,
  { steady, verdict, lastWrong }: DecidedSplit,
): Promise<Pick<Failure, 'cause' | 'diagnosis'>> {
  if (!steady && lastWrong) return causeOf(ingress, lastWrong);
  const cause =
    verdict === 'open'
      ? 'answers came too slowly, or in shares between right and wrong, or others among them: there is no verdict'
      : `the gateway splits requests in other shares: by chance that comes less than once in ${1 / assurance.falseAlarm} times`;
  return { cause };
}
