import {
  type Answered,
  bodyIsRight,
  handshakeIsRight,
  serverError,
  sightingIsRight,
  statusIsRight,
  timesAreRight,
} from '../traffic/exchange.ts';
import type { Answer, NoAnswer } from '../traffic/request.ts';
import type { Wrong } from '../traffic/rounds.ts';
import type { Sighting } from '../traffic/sighting.ts';

const noRoute =
  'the gateway has no route for this host and path: the route is not attached, does not match, or has not reached the proxy';

/** One sentence: the likely cause of a wrong row, from the row alone. It never decides the verdict. */
export function likelyCause({
  exchange: { answer: expected },
  outcome: { answer, sighting },
}: Wrong): string {
  if ('failed' in answer) return whyNone(answer);
  if ('refused' in expected) {
    return sighting
      ? `the gateway lets in what it has to refuse before any request: it was handed to ${sighting.backend}`
      : `the gateway lets in what it has to refuse before any request, and answers with ${answer.status}`;
  }
  if (expected.location !== undefined) return whyNotThere(answer, sighting, statusIsRight(expected, answer));
  if (expected.backend === null) {
    if (sighting && expected === serverError)
      return `the gateway speaks to a backend that it has to refuse, or cannot reach in the way that is named: the request was handed to ${sighting.backend}`;
    if (sighting) return `a route matches more than it should: the request was handed to ${sighting.backend}`;
    if (statusIsRight(expected, answer))
      return 'the gateway answers by itself, as it has to, but not as the route or the listener says';
    return answer.status < 400
      ? 'something that is not a backend of this case answered: the address may lead to another gateway'
      : `the gateway refuses the request, but with ${answer.status}`;
  }
  if (sighting && sighting.backend !== expected.backend)
    return 'the route leads to another backend than it names';
  if (sighting && statusIsRight(expected, answer) && !timesAreRight(expected, sighting))
    return 'the gateway does not retry as the route says: it asks too often, or not often enough, or somebody else';
  if (sighting && expected.times !== undefined && answer.status === 504)
    return 'the gateway gave up on the backend where the route says that it waits: its timeout is too short, or of another rule';
  if (sighting && expected.status === 504)
    return 'the gateway waited for the backend where the route says that it gives up: its timeout is ignored';
  if (answer.status === 404 && !sighting) {
    return noRoute;
  }
  if (isRedirect(answer.status) && !sighting)
    return 'the gateway redirects what it has to pass on: a redirect matches more than it should';
  if (sighting && !bodyIsRight(expected, answer) && statusIsRight(expected, answer))
    return "the right backend answered, but the gateway does not hand on the answer's body as it came";
  const overTls = Object.keys(expected.seen ?? {}).some((name) => ofTls.has(name));
  if (answer.status === 503 && overTls)
    return 'the gateway has the route, but comes to no TLS with a backend: its certificate is not the one that is asked for, or no endpoint is healthy';
  if (answer.status === 503)
    return 'the gateway has the route, but no healthy endpoint behind its backendRef';
  if (answer.status === 500 && !sighting)
    return 'a backendRef of the route cannot be resolved, or its backend failed and did not tell who it is';
  if (!sighting)
    return `an answer came, but the log of ${expected.backend} shows no such request: something else answered`;
  if (!statusIsRight(expected, answer))
    return `${sighting.backend} itself answered with ${answer.status}: the request reached it changed`;
  const asSent = { ...sighting, altered: undefined };
  if (!sightingIsRight({ ...expected, seen: undefined }, asSent))
    return 'the right backend answered, but copies went to others than the route mirrors to';
  if (!handshakeIsRight(expected, answer))
    return 'the right backend answered, but the handshake came to another certificate or version';
  if (overTls && !sightingIsRight({ ...expected, seen: facts(expected.seen) }, asSent))
    return 'the right backend answered, but the gateway does not speak to it by the TLS that is configured';
  const changed = Object.keys(sighting.altered ?? {}).filter((name) => !(name in (expected.seen ?? {})));
  if (changed.length > 0)
    return `the right backend answered, but the gateway did not hand on as it was sent what no filter is for: ${changed.join(', ')}`;
  const sent = expected.seen?.[':body'];
  if (sent !== undefined && sent !== sighting.headers?.[':body'])
    return "the right backend answered, but the gateway did not hand on the request's body as it was sent";
  return 'the right backend answered, but path, host or headers were not changed as the route says, or changed or lost on the way';
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** Why it is not redirected as it should be. */
function whyNotThere({ status }: Answer, sighting: Sighting | undefined, isRight: boolean): string {
  if (sighting)
    return `the gateway passes on what it has to redirect: the request was handed to ${sighting.backend}`;
  if (status === 404) return noRoute;
  if (!isRedirect(status)) return `the gateway does not redirect, but answers with ${status}`;
  return isRight
    ? 'the gateway redirects, but elsewhere than the filter says'
    : 'the gateway redirects, but by another status than the filter says';
}

/** What a backend tells of the TLS that it was spoken to by, among the headers that it saw. */
const ofTls = new Set([':tls', ':server-name', ':client-certificate']);

const facts = (seen: Answered['seen'] = {}): Answered['seen'] =>
  Object.fromEntries(Object.entries(seen).filter(([name]) => ofTls.has(name)));

function whyNone({ phase, refused, message }: NoAnswer): string {
  if (phase === 'connect')
    return 'the way to the gateway comes and goes: a connection that did not open opened when it was tried once more';
  if (/wrong version number|packet length too long/.test(message))
    return 'what comes in the TLS handshake is no TLS: the port is one for http';
  if (message.startsWith('Parse Error'))
    return 'what came is no HTTP: a body where there must be none (HEAD, 204, 304), or of another length than its header says';
  if (refused === undefined || (phase === 'request' && refused === 'connection closed'))
    return 'the gateway took the connection and gave no answer in time, or dropped it';
  if (refused === 'connection closed')
    return 'the gateway ended the TLS handshake: no listener of the port is for its server name (SNI), or the certificate of that listener is missing';
  return /^[A-Z0-9_]+$/.test(refused)
    ? `the client does not take the certificate that the gateway shows: ${message}`
    : `the gateway refused the TLS handshake with the alert "${refused}"`;
}
