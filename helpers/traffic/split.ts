import { deadlineIn } from '../deadline.ts';
import { judgeShares, type Verdict } from '../statistics/shares.ts';
import { answerIsRight, type Exchange, type Expected, expectedLine, sightingIsRight } from './exchange.ts';
import type { Request } from './request.ts';
import {
  type Asked,
  ask,
  follow,
  inParallel,
  isMirrored,
  logged,
  type Sent,
  sightingOf,
  type Wrong,
} from './rounds.ts';
import { type Steady, steadily, type Try } from './steadily.ts';

/** One of the ways in which a request is answered. */
export interface Branch {
  /** How often, in proportion to the weights of the others. */
  weight: number;
  answer: Expected;
}

/** `70 % 200 from a; 30 % 200 from b` */
export function sharesLine(branches: Branch[]): string {
  const total = branches.reduce((sum, { weight }) => sum + weight, 0);
  return branches
    .map(({ weight, answer }) => `${percent(weight / total)} ${expectedLine(answer)}`)
    .join('; ');
}

export const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;

/** How a split was decided. */
export interface DecidedSplit extends Steady<Wrong> {
  /** Requests sent. */
  requests: number;
  /** `open` when the time was over before there was a verdict. */
  verdict: Verdict;
  /** Answers of each branch, in their order. */
  counts: number[];
}

/** Requests between two looks at the shares. */
const batch = 32;

/**
 * Asks the same over and over until the shares are judged in which it is answered in one way or another. An answer of
 * no branch begins it anew, as a wrong row does with a table, until the deadline for shares has passed. A verdict is
 * final: the probabilities of the sequential test are those of a single one.
 * @param options `beside`: where branches differ in who gets a copy, an exchange that the backend answers which gets
 * them. It is asked after each batch: when that backend has logged it, it has logged the copies that were on their way.
 */
export async function decideSplit(
  request: Request,
  branches: Branch[],
  within: Asked,
  { beside, firstRight }: { beside?: Exchange | undefined; firstRight?: () => void } = {},
): Promise<DecidedSplit> {
  // the gateway is there: a connect that takes its time is none that fails
  const asked = { ...within, timeouts: { ...within.timeouts, connect: within.timeouts.request } };
  const ways = branches.map(({ answer }): Exchange => ({ request, answer }));
  const sample = ways.find(isMirrored) ?? ways[0];
  if (!sample) throw new Error('a split of no branches proves nothing');
  if (isMirrored(sample) && !beside)
    throw new Error(
      'a copy that is not there yet looks like none: add an exchange of who gets them, { while: … }',
    );
  const last = beside && mirroredToNobody(beside);
  follow([...ways, ...(last ? [last] : [])], asked);
  const total = branches.reduce((sum, { weight }) => sum + weight, 0);
  const shares = branches.map(({ weight }) => weight / total);
  let requests = 0;
  let verdict: Verdict = 'open';
  let counts: number[] = [];

  /** The first of some that the row is of; what the row shows is read once. */
  const wayOf = (row: Sent, some: Exchange[]): Exchange | undefined => {
    const sighting = sightingOf(row, asked);
    return some.find(
      ({ answer }) =>
        answerIsRight(answer, row.answer, row.exchange.request) && sightingIsRight(answer, sighting),
    );
  };
  const count = (rows: Sent[]): number[] => {
    const found = rows.map((row) => wayOf(row, ways));
    return ways.map((way) => found.filter((each) => each === way).length);
  };
  const misfit = async (rows: Sent[]): Promise<Sent | undefined> => {
    const candidates = rows.map((row) => (row.exchange === last ? [last] : ways));
    const likely = rows.map((row, at) =>
      candidates[at]?.find(({ answer }) => answerIsRight(answer, row.answer, row.exchange.request)),
    );
    const bad = rows.find((_, at) => !likely[at]);
    if (bad) return bad;
    const lines = rows.map((row, at) => ({ ...row, exchange: ownLine(likely[at] ?? row.exchange) }));
    await logged(lines, asked);
    return rows.find((row, at) => !wayOf(row, candidates[at] ?? []));
  };

  const { timeouts, signal } = asked;
  using deadline = deadlineIn(timeouts.shares);
  const attempt = async (): Promise<Try<Wrong>> => {
    const sent: Sent[] = [];
    counts = count([]);
    verdict = 'open';
    // at least once: a try that begins at the deadline has not been right without an answer
    do {
      const rows = await inParallel(Array<Exchange>(batch).fill(sample), (row) => ask(row, asked));
      const after = last ? [await ask(last, asked)] : [];
      requests += rows.length + after.length;
      const wrong = await misfit([...rows, ...after]);
      if (wrong) {
        const sighting = sightingOf(wrong, asked);
        const near = ways.find(({ answer }) => answer.backend === sighting?.backend) ?? wrong.exchange;
        return { right: false, wrong: { exchange: near, outcome: { answer: wrong.answer, sighting } } };
      }
      sent.push(...rows);
      const more = count(rows);
      counts = counts.map((sum, at) => sum + (more[at] ?? 0));
      verdict = judgeShares(shares, counts);
      if (last && verdict !== 'open') verdict = await confirmed(sent);
    } while (verdict === 'open' && !deadline.signal.aborted);
    firstRight?.();
    return { right: true };
  };

  /** The verdict once more, with copies that came later all the same. */
  const confirmed = async (sent: Sent[]): Promise<Verdict> => {
    const again = (): Verdict => {
      counts = count(sent);
      return judgeShares(shares, counts);
    };
    if (again() === 'otherwise')
      await asked.witness.waitUntil(() => again() !== 'otherwise', asked.timeouts.log);
    return again();
  };

  const result = await steadily<Wrong>(attempt, { times: 1, timeout: timeouts.shares, signal });
  return { ...result, requests, verdict, counts };
}

const mirroredToNobody = ({ request, answer }: Exchange): Exchange => ({
  request,
  answer: 'refused' in answer ? answer : { ...answer, mirrored: [] },
});

/** As a row that waits for what its own backend logs, and not for copies. */
const ownLine = (way: Exchange): Exchange => (isMirrored(way) ? mirroredToNobody(way) : way);
