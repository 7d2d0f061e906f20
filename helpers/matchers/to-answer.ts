import type { Failure } from '../../reports/run.ts';
import { likelyCause } from '../diagnose/cause.ts';
import { Diagnosed, explain } from '../diagnose/explain.ts';
import { noted } from '../diagnose/noted.ts';
import type { Ingress } from '../edge/edge.ts';
import {
  due,
  type Exchange,
  expectedLine,
  outcomeLine,
  requestLine,
  requestTitle,
  unmet,
} from '../traffic/exchange.ts';
import { decide, type Wrong } from '../traffic/rounds.ts';
import { askedOf, reproOf } from './asked.ts';
import { complain, within } from './complain.ts';
import type { Result } from './result.ts';

/** Beside what the rows say, it has to hold while this other one is answered. */
export interface While {
  while?: Exchange;
}

/**
 * All rows are answered as they say, in the same rounds, three rounds in a row. Rows that nothing may answer need one
 * beside them that is answered: a gateway that serves nothing (yet) says 404 to everything.
 */
export async function toAnswer(
  ingress: Ingress,
  rows: Exchange | Exchange[],
  beside: While = {},
): Promise<Result> {
  const { of, setup, road } = ingress;
  const table = [rows, beside.while ?? []].flat();
  if (!table.some(({ answer }) => answer.backend !== null)) {
    throw new Error('a table without a row that a backend answers proves nothing: add one, or { while: … }');
  }
  const copies = table.flatMap(({ answer }) =>
    'mirrored' in answer && answer.mirrored ? [answer.mirrored] : [],
  );
  if (copies.some((to) => to.length === 0) && !copies.some((to) => to.length > 0)) {
    throw new Error(
      'that nobody gets a copy is proved by one that somebody gets: add such a row, or { while: … }',
    );
  }
  const marked = table.filter(({ request }) => request.marked);
  if (marked.length > 0 && !marked.some(({ answer }) => answer.backend !== null)) {
    throw new Error(
      'that no log shows a marked row is proved by one that a log shows: add a marked row that is served, or { while: … }',
    );
  }
  const decided = await decide(table, await askedOf(ingress), {
    firstRight: () => {
      of.notes.milestones.firstRight ??= setup.elapsed;
    },
  });
  of.notes.attempts += decided.requests;
  if (decided.steady) {
    of.notes.milestones.steady ??= setup.elapsed;
    const steps = decided.last.map(({ exchange, outcome }) => ({
      asked: requestTitle(exchange),
      wanted: expectedLine(exchange.answer),
      got: outcomeLine(outcome, exchange.answer),
      attempts: decided.tries,
      right: true,
    }));
    return { pass: true, message: () => `${road.what} answers as the table says`, steps };
  }
  const { lastWrong } = decided;
  if (!lastWrong) throw new Error('what is not steady was wrong at least once');
  const { exchange, outcome } = lastWrong;
  const wrong = unmet(exchange.answer, outcome);
  const failure = {
    expected: `${requestLine(exchange.request)} → ${expectedLine(wrong)}`,
    got: outcomeLine(outcome, wrong),
    ...(await causeOf(ingress, lastWrong)),
    repro: reproOf(ingress, exchange.request, { expected: due(exchange.answer, outcome.sighting) }),
  };
  const { tries, requests, longest, elapsedMs } = decided;
  const steps = table.map((row) => ({
    asked: requestTitle(row),
    wanted: expectedLine(row.answer),
    attempts: tries,
    ...(row === exchange && { got: failure.got, right: false }),
  }));
  const tried = `${tries} rounds, ${requests} requests ${within(elapsedMs)}; right at most ${longest} times in a row`;
  return complain(ingress, failure, { tried, steps });
}

/** The likely cause of a wrong row, with what it rests on where the cluster's objects tell it. */
export async function causeOf(
  { setup, edge, road, port }: Ingress,
  wrong: Wrong,
): Promise<Pick<Failure, 'cause' | 'diagnosis'>> {
  const { answer, sighting } = wrong.outcome;
  if (setup.witness.trouble !== undefined) return { cause: setup.witness.trouble };
  // behind a bridge every connection opens, and one that does not on the other side is reset
  if ('failed' in answer && (answer.phase === 'connect' || road.byHand)) {
    const why = await edge.whyUnreachable(road);
    if (why instanceof Diagnosed) return noted(why.diagnosis, why.cause);
    if (why) return { cause: why.cause };
  }
  const row = {
    of: edge.addressed,
    address: road.leadsTo,
    port,
    request: wrong.exchange.request,
    answer,
    seen: sighting !== undefined,
  };
  return noted(explain(await setup.facts(), { row }), likelyCause(wrong));
}
