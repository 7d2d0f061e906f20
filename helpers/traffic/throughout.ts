import { setTimeout as pause } from 'node:timers/promises';
import { answerIsRight, type Exchange } from './exchange.ts';
import { type Asked, ask, type Sent, unseen, type Wrong } from './rounds.ts';

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

/**
 * Asks the same over and over, each time by a new connection, while something happens; what comes out wrong is not
 * asked again.
 * @param happens begins when the first request has been answered
 * @returns when it has happened, and the last request was answered: how many were sent, and how many came out wrong
 * @throws what `happens` throws; what the signal was aborted with
 */
export async function throughout(
  exchange: Exchange,
  asked: Asked,
  happens: () => Promise<void>,
): Promise<Throughout> {
  asked.witness.follow(asked.pods);
  // the gateway is there: a connect that takes its time is none that fails
  const patient = { ...asked, timeouts: { ...asked.timeouts, connect: asked.timeouts.request } };
  const sent: Sent[] = [await ask(exchange, patient)];
  const end = new AbortController();
  const asking = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await pause(gap, undefined, { signal: asked.signal });
      sent.push(await ask(exchange, patient));
    }
  };
  const happening = happens().finally(() => end.abort());
  await Promise.all([happening, ...Array.from({ length: atOnce }, asking)]);

  const bad = sent.filter(({ answer }) => !answerIsRight(exchange.answer, answer));
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
