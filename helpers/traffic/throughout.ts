import { setTimeout as pause } from 'node:timers/promises';
import { answerIsRight, type Exchange } from './exchange.ts';
import { type Asked, ask, follow, type Sent, unseen, type Wrong } from './rounds.ts';

/** How an exchange came out while something happened. */
interface Throughout {
  requests: number;
  /** Requests that came out wrong. */
  wrong: number;
  first: Wrong | undefined;
}

const atOnce = 4;
/** Milliseconds between an answer and the next request of the same asker. */
const gap = 10;

/** How long something is asked: while something happens, or so many times. */
export type Lasting = { during: () => Promise<void> } | { times: number };

/** What a router on the way says that knows no host there: no gateway does. */
const unreachable = new Set(['EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Asks the same over and over, each time by a new connection; what comes out wrong is not asked again, but for a
 * connection that a router on the way did not know where to take: those of an address that was another Service's a moment
 * ago may be remembered by their ports.
 * @param lasting `during` begins when the first request has been answered
 * @returns when the last request was answered: how many were sent, and how many came out wrong
 * @throws what `during` throws; what the signal was aborted with
 */
export async function throughout(exchange: Exchange, asked: Asked, lasting: Lasting): Promise<Throughout> {
  follow([exchange], asked);
  // the gateway is there: a connect that takes its time is none that fails
  const patient = { ...asked, timeouts: { ...asked.timeouts, connect: asked.timeouts.request } };
  const askOnce = async (): Promise<Sent> => {
    const answered = await ask(exchange, patient);
    const { answer } = answered;
    return 'failed' in answer && unreachable.has(answer.failed) ? ask(exchange, patient) : answered;
  };
  const sent: Sent[] = [await askOnce()];
  const most = 'times' in lasting ? lasting.times : Number.POSITIVE_INFINITY;
  const end = new AbortController();
  const asking = async (): Promise<void> => {
    while (!end.signal.aborted && sent.length < most) {
      await pause(gap, undefined, { signal: asked.signal });
      sent.push(await askOnce());
    }
  };
  const happening = 'during' in lasting ? lasting.during().finally(() => end.abort()) : undefined;
  await Promise.all([happening, ...Array.from({ length: atOnce }, asking)]);

  const bad = sent.filter(({ answer }) => !answerIsRight(exchange.answer, answer, exchange.request));
  const good = sent.filter((each) => !bad.includes(each));
  const stranger = await unseen(good, asked);
  const [first] = bad;
  return {
    requests: sent.length,
    wrong: bad.length + (stranger ? 1 : 0),
    first: first
      ? { exchange, outcome: { answer: first.answer, sighting: undefined } }
      : stranger && { exchange, outcome: { answer: stranger.row.answer, sighting: stranger.sighting } },
  };
}
