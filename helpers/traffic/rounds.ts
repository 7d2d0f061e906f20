import { randomUUID } from 'node:crypto';
import type { Timeouts } from '../timeouts.ts';
import type { Certificates } from '../tls/certificates.ts';
import { altered } from './altered.ts';
import { answerIsRight, type Exchange, type Outcome, sightingIsRight } from './exchange.ts';
import type { OneConnection } from './one-connection.ts';
import {
  type Address,
  type Answer,
  authority,
  type Limits,
  type NoAnswer,
  type Request,
  send,
} from './request.ts';
import { echoedHeaders, echoedPod, type Sighting } from './sighting.ts';
import { type Steady, steadily, type Try } from './steadily.ts';
import { type BackendPod, isSignature, signature, signedPath, type Witness } from './witness.ts';

/** What a table of exchanges is asked of. */
export interface Asked {
  address: Address;
  /** The pods that may answer. */
  pods: BackendPod[];
  /** Those pods as they are at the moment: asked for when one of them may have been replaced. */
  podsNow: () => Promise<BackendPod[]>;
  witness: Witness;
  /** The one connection that all of it goes over; left out: a new one for each request. */
  over?: OneConnection | undefined;
  /** Of all requests the one that is not sent to the address. */
  detour?: Detour | undefined;
  /** Waits for a turn to ask, where the way there does not take all at once. */
  turn?: (<T>(ask: () => Promise<T>) => Promise<T>) | undefined;
  /** For rows over TLS. */
  certificates?: Certificates | undefined;
  timeouts: Timeouts;
  signal?: AbortSignal | undefined;
}

/** A request, as a row has it, that is sent to an address of its own. */
export interface Detour {
  request: Request;
  address: Address;
}

/** A row that came out wrong, and how. */
export interface Wrong {
  exchange: Exchange;
  outcome: Outcome;
}

/** How a table of exchanges was decided. */
export interface Decided extends Steady<Wrong> {
  /** The rows as they came out in the last round, in the order in which they were asked; none unless it was steady. */
  last: { exchange: Exchange; outcome: Outcome }[];
  /** Requests sent. */
  requests: number;
}

const inARow = 3;
const atOnce = 8;
/** Milliseconds that a wrong answer's line in a log is waited for. */
const patience = 100;

/** A request that was sent, and what came. */
export interface Sent {
  exchange: Exchange;
  token: string;
  answer: Answer | NoAnswer;
}

/**
 * Asks a table of exchanges in rounds until all of them were right in the same three rounds in a row. Within a round
 * the rows that nothing may answer (`backend: null`) come first and the others after them, so that a gateway which
 * serves nothing yet cannot pass for one that refuses, and so that a backend that has logged the later requests has
 * logged the earlier ones.
 * @param firstRight called when all answers of a round were right for the first time
 */
export async function decide(
  exchanges: Exchange[],
  asked: Asked,
  { firstRight }: { firstRight?: () => void } = {},
): Promise<Decided> {
  let requests = 0;
  const refused = exchanges.filter(({ answer }) => answer.backend === null);
  const served = exchanges.filter(({ answer }) => answer.backend !== null);
  let unverified: Sent[] = [];
  let right = 0;
  let last: Sent[] = [];
  follow(exchanges, asked);

  const round = async (): Promise<Try<Wrong>> => {
    const sent: Sent[] = [];
    const wrong = (row: Sent, sighting: Sighting | undefined): Try<Wrong> => {
      unverified = [];
      right = 0;
      return { right: false, wrong: { exchange: row.exchange, outcome: { answer: row.answer, sighting } } };
    };
    await asked.over?.reopen(limitsOf(asked));
    for (const rows of [refused, served]) {
      const answered = await inParallel(rows, (exchange) => ask(exchange, asked));
      requests += rows.length;
      sent.push(...answered);
    }
    const bad = sent.find(
      ({ exchange, answer }) => !answerIsRight(exchange.answer, answer, exchange.request),
    );
    if (bad) {
      // for the message only: who gave the wrong answer
      if (!('failed' in bad.answer)) await asked.witness.waitFor([bad.token], patience);
      return wrong(bad, sightingOf(bad, asked));
    }
    unverified.push(...sent);
    last = sent;
    right += 1;
    if (right < inARow) return { right: true };

    const stranger = await unseen(unverified, asked);
    return stranger ? wrong(stranger.row, stranger.sighting) : { right: true };
  };

  const options = { times: inARow, timeout: asked.timeouts.answer, signal: asked.signal };
  const result = await steadily(round, firstRight ? { ...options, firstRight } : options);
  const came = result.steady ? last : [];
  return {
    ...result,
    requests,
    last: came.map((row) => ({
      exchange: row.exchange,
      outcome: { answer: row.answer, sighting: sightingOf(row, asked) },
    })),
  };
}

/** Reads the logs that tell how the exchanges come out. */
export function follow(exchanges: Exchange[], { witness, pods }: Asked): void {
  const marked = exchanges.some(isMarked);
  witness.follow(pods.filter(({ namesItself }) => marked || !namesItself));
}

/** Whether the row says who gets a copy. */
export const isMirrored = ({ answer }: Exchange): boolean =>
  'mirrored' in answer && answer.mirrored !== undefined;

/** Whether its path has a mark, too: for rows that say so, or how often they are seen, in logs that show no more. */
export const isMarked = (exchange: Exchange): boolean =>
  exchange.request.marked === true ||
  isMirrored(exchange) ||
  ('times' in exchange.answer && exchange.answer.times !== undefined);

/** A round that began before the deadline ends by these: its answers are worth having. */
const limitsOf = ({ timeouts: { connect, request }, signal, certificates }: Asked): Limits => ({
  connect,
  request,
  signal,
  certificates,
});

/** Sends what a row asks, with a token of its own by which backends' logs show it. */
export async function ask(exchange: Exchange, asked: Asked): Promise<Sent> {
  const { address, over, detour, turn = (go) => go() } = asked;
  const token = randomUUID();
  const { headers } = exchange.request;
  const request = {
    ...exchange.request,
    path: pathOf(exchange).replaceAll('{uuid}', token),
    headers: { 'user-agent': signature(token), ...headers },
  };
  const limits = limitsOf(asked);
  const turned = detour?.request === exchange.request;
  const at = turned ? detour.address : address;
  // who asks without a name asks for the address, wherever that leads
  const host = request.host ?? authority(address, request.tls ? 'https' : 'http');
  const sent = turned && !over ? { ...request, host } : request;
  const answer = await turn(() => (over ? over.send(sent, limits) : send(at, sent, limits)));
  return { exchange, token, answer };
}

/** The path that is asked, with its mark; `{uuid}` stands for the token. */
const pathOf = (exchange: Exchange): string =>
  isMarked(exchange) ? signedPath(exchange.request.path, '{uuid}') : exchange.request.path;

/** The first row that the wrong backend saw, or none; undefined when every row was seen by whom it should. */
export async function unseen(
  rows: Sent[],
  asked: Asked,
): Promise<{ row: Sent; sighting: Sighting | undefined } | undefined> {
  await logged(rows, asked);
  for (const row of rows) {
    const sighting = sightingOf(row, asked);
    if (!sightingIsRight(row.exchange.answer, sighting)) return { row, sighting };
  }
  return undefined;
}

/** Settles when the logs show all that they have to show of these rows, or do not come to it in time. */
export async function logged(rows: Sent[], asked: Asked): Promise<void> {
  const { witness, timeouts } = asked;
  // what was logged stays logged, and lines come by the hundred: nothing is looked at twice
  let missing = rows.map((row) => ({ token: row.token, times: timesLogged(row) }));
  const all = (): boolean => {
    missing = missing.filter(({ token, times }) => witness.sightings(token).length < times);
    return missing.length === 0;
  };
  if (await witness.waitUntil(all, timeouts.log)) return;
  // a pod may have been replaced, or a log's connection lost
  asked.pods = await asked.podsNow();
  const exchanges = rows.map(({ exchange }) => exchange);
  follow(exchanges, asked);
  await witness.waitUntil(all, timeouts.log);
}

/** How often the logs have to show the row: what names itself need not be in one, unless that is counted, or it is marked. */
function timesLogged({ exchange, answer }: Sent): number {
  if (exchange.answer.backend === null) return 0;
  const { mirrored, times } = exchange.answer;
  const counted = times === 'at least once' ? 1 : (times ?? (mirrored && 1 + mirrored.length));
  return counted ?? (namesItself(answer) && !isMarked(exchange) ? 0 : 1);
}

const namesItself = (answer: Answer | NoAnswer): boolean =>
  !('failed' in answer) && echoedPod(answer) !== undefined;

/**
 * Which backend a row's answer is of, as far as is known: it says so itself, or its log shows the request. Where the
 * logs of several do, and none says so, it is the one that the row expects.
 */
export function sightingOf(
  { exchange, token, answer }: Sent,
  { pods, witness, certificates }: Asked,
): Sighting | undefined {
  const headers = 'failed' in answer ? undefined : echoedHeaders(answer, certificates);
  const named = 'failed' in answer || isOfAnother(headers, token) ? undefined : echoedPod(answer);
  const changed = headers && changedOnTheWay(exchange, headers, token);
  const isNamed = ({ name, namespace }: BackendPod): boolean =>
    name === named?.pod && namespace === named.namespace;
  const seen = witness.sightings(token);
  const isExpected = ({ backend }: BackendPod): boolean => backend === exchange.answer.backend;
  // what a log shows of a marked row is who saw it, whether or not the answer says so; of others it may be a copy
  const silent = (pod: BackendPod): boolean =>
    seen.some(isExpected) ? isExpected(pod) : exchange.request.marked === true || !pod.namesItself;
  const at = seen.findIndex(named ? isNamed : silent);
  const copies = seen.filter((_, index) => index !== at).map(({ backend }) => backend);
  // a log that does not show what was answered proves nothing of what was not
  if (named && (seen.length > 0 || exchange.request.marked !== true)) {
    const known = pods.find(isNamed);
    return {
      backend: known?.backend ?? `${named.namespace}/${named.pod}`,
      pod: named.pod,
      headers,
      altered: changed,
      copies,
    };
  }
  const pod = seen[at];
  return pod && { backend: pod.backend, pod: pod.name, headers, altered: changed, copies };
}

function changedOnTheWay(
  exchange: Exchange,
  headers: Record<string, string>,
  token: string,
): Record<string, string> {
  const path = headers[':path']?.replaceAll(token, '{uuid}');
  const seen = path === undefined ? headers : { ...headers, ':path': path };
  return altered({ ...exchange.request, path: pathOf(exchange) }, seen);
}

/** Whether an echo is of another request: an answer that was kept, or given to the wrong one. */
function isOfAnother(headers: Record<string, string> = {}, token: string): boolean {
  const agent = headers['user-agent'];
  return agent !== undefined && isSignature(agent) && agent !== signature(token);
}

/** Works on some items at once, in their order. */
export async function inParallel<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
}
