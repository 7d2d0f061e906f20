import { isDeepStrictEqual } from 'node:util';
import { bytesLine, differenceLine, letters, lettersLine } from './letters.ts';
import { between, valuesIn } from './lines.ts';
import type { Answer, Handshake, NoAnswer, Request, Tls } from './request.ts';
import type { Sighting } from './sighting.ts';

/**
 * What headers have to be: this text, or one that matches; all of these values in this order, whether in one line or
 * in several, but for Set-Cookie: a line for each; `null`: absent.
 */
type Headers = Record<string, string | RegExp | string[] | null>;

/** The HTTP answer that must come back. Every field that is given is compared, inside the retry. */
export interface Answered {
  /** Several: one of these, where the specification leaves it to the gateway. */
  status: number | readonly number[];
  /**
   * The Deployment whose pod must have answered, in a namespace that the fixtures declare with its name before it
   * (`guest/httpbin`); `null`: the gateway itself, and no backend saw the request.
   */
  backend: string | null;
  /**
   * Headers as the backend saw them, by lower-case name. Needs a backend that echoes them; the echo backend tells
   * `:path`, `:method` and `:protocol` as well, and httpbin's /anything `:body`: `262144 letters`. What is not named
   * here has to reach a backend that echoes as it was sent.
   */
  seen?: Headers | undefined;
  /**
   * The backends that must have got a copy of the request, once each; `[]`: none must, which takes a row beside it
   * whose copy somebody must have got. Needs backends whose logs have the path: the request gets a mark of its own in
   * its query. Left out: nothing is asked of copies.
   */
  mirrored?: string[] | undefined;
  /**
   * How many times that backend must have been asked before the answer came, retries included; the answer may then be
   * the gateway's own, as a 504 is. Needs a backend whose log shows each time: httpbin, or the echo backend as far as
   * it echoes. Not together with `mirrored`.
   */
  times?: number | 'at least once' | undefined;
  /** Headers of the answer, by lower-case name. */
  headers?: Headers | undefined;
  /** The whole body of the answer: this text, or so many letters, as httpbin's /range/N gives them; `''`: none. */
  body?: number | string | undefined;
  /**
   * The absolute URL that Location has to lead to, as a client of the request takes it: it may be relative (RFC 9110,
   * 10.2.2), and may name the port that is the scheme's own or leave it out. All else is compared, query included.
   */
  location?: string | undefined;
  /** What the handshake must come to: `certificate` is called by its Secret (`shop`, `guest/shop`). */
  tls?: { [fact in keyof Handshake]?: string | RegExp } | undefined;
}

/** That no HTTP answer must come: whoever takes the connection refuses it, and no backend sees the request. */
interface Refused {
  /** One of these, as `refused` of NoAnswer has it: an alert, `connection closed`, or why the client refuses. */
  refused: string[];
  backend: null;
}

/** What must come back. */
export type Expected = Answered | Refused;

/** One row of a case's table: what is asked and what must come back. */
export interface Exchange {
  request: Request;
  answer: Expected;
  /** Said in the title where the request alone does not tell what the row is for. */
  why?: string | undefined;
}

/** The answer to a request that nothing is configured for: 404, from the gateway itself. */
export const notFound: Expected = { status: 404, backend: null };

/**
 * The answer to a request whose backend cannot be referred to: 500, from the gateway itself.
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec
 */
export const internalError: Expected = { status: 500, backend: null };

/** The answer of a gateway that redirects to an absolute URL. */
export const redirected = (status: number, location: string): Expected => ({
  status,
  backend: null,
  location,
});

/**
 * The answer to a request whose backend cannot be spoken to as its policy demands: an error of the server, from the gateway itself.
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation
 */
export const serverError: Expected = { status: [500, 502, 503, 504], backend: null };

/** That the connection is refused, in one of these ways: `refused('certificate required')`. */
export const refused = (...how: string[]): Refused => ({ refused: how, backend: null });

/**
 * No certificate is configured for the name: the handshake fails (RFC 6066, 3: a server that knows no such name may say
 * so, and may just end the connection), or the client is shown one that nobody knows, as by a proxy that serves the
 * listeners of several Gateways at one port.
 */
export const uncertified = refused('connection closed', 'unrecognized name', 'DEPTH_ZERO_SELF_SIGNED_CERT');

/** `HEAD httpbin.example.com/status/200`, `GET https://shop.example.com/ (version: two, SNI other.example.com)` */
export function requestLine({
  method = 'GET',
  host,
  path,
  headers = {},
  body,
  tls,
  protocol,
}: Request): string {
  const name = host === '' ? '(empty host)' : (host ?? '(no host name)');
  const how = [
    ...(protocol === undefined ? [] : [protocol]),
    ...headerLines(headers),
    ...(body === undefined ? [] : [lettersLine(body)]),
    ...(tls ? handshakeWords(tls, host) : []),
  ];
  return `${method} ${tls ? 'https://' : ''}${name}${path}${how.length > 0 ? ` (${how.join(', ')})` : ''}`;
}

/** A request's headers as it sends them, a line each. */
export const headerLines = (headers: NonNullable<Request['headers']>): string[] =>
  Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}`));

/** What a handshake has that the URL does not tell. */
function handshakeWords(
  { serverName, certificateFor, clientCertificate, version }: Tls,
  host = '',
): string[] {
  const named = host.replace(/:\d+$/, '') === serverName ? undefined : `SNI ${serverName}`;
  return [
    serverName === '' ? 'no SNI' : named,
    certificateFor && `certificate for ${certificateFor}`,
    clientCertificate && `client certificate ${clientCertificate}`,
    version,
  ].filter((word) => word !== undefined);
}

/** `200 from httpbin, Host: any.example` */
export function expectedLine(expected: Expected): string {
  if ('refused' in expected) return `refused with ${expected.refused.join(' or ')}`;
  const { backend, seen, mirrored, headers, body, location, tls } = expected;
  const who = backend === null ? 'the gateway' : backend;
  return [
    cameWords(expected),
    ...copiesWords(mirrored),
    ...headerWords(`${who} sees`, seen),
    ...headerWords('returned', { ...headers, ...(location !== undefined && { location }) }),
    ...(body === undefined ? [] : [wantedBodyLine(body)]),
    ...Object.entries(tls ?? {}).map(([fact, value]) => `TLS ${fact} ${value}`),
  ].join(', ');
}

/** `GET httpbin.example.com/status/200 (in capitals)` */
export const requestTitle = ({ request, why }: Exchange): string =>
  `${requestLine(request)}${why === undefined ? '' : ` (${why})`}`;

/** A row's title: `HEAD httpbin.example.com/status/200 → 200 from httpbin`. */
export function exchangeTitle(exchange: Exchange): string {
  const { answer } = exchange;
  const came = 'refused' in answer ? `refused with ${answer.refused.join(' or ')}` : cameWords(answer);
  const to = 'location' in answer ? ` to ${answer.location}` : '';
  return `${requestTitle(exchange)} → ${came}${to}`;
}

/** `200 from httpbin`, `500 after httpbin was asked 4 times` */
function cameWords({ status, backend, times }: Answered): string {
  const statuses = [status].flat().join(' or ');
  const who = backend ?? 'the gateway';
  return times === undefined
    ? `${statuses} from ${who}`
    : `${statuses} after ${who} was asked ${often(times)}`;
}

function often(times: number | 'at least once'): string {
  if (typeof times === 'string') return times;
  return times === 1 ? 'once' : `${times} times`;
}

const copiesWords = (mirrored: string[] | undefined): string[] =>
  mirrored === undefined ? [] : [`mirrored to ${mirrored.join(' and ') || 'nobody'}`];

/** `it saw host: a, no x-b` */
function headerWords(what: string, headers: Headers = {}): string[] {
  const lines = Object.entries(headers).map(([name, value]) => headerLine(name, value));
  return lines.length === 0 ? [] : [`${what} ${lines.join(', ')}`];
}

function wantedBodyLine(body: number | string): string {
  if (body === '') return 'no body';
  return `a body of ${typeof body === 'number' ? lettersLine(body) : JSON.stringify(body)}`;
}

/** The body that came, beside what it had to be. */
function cameBodyLine(wanted: number | string, got: string): string {
  if (got === '') return 'no body';
  const whole = textOf(wanted);
  if (got === whole) return wantedBodyLine(wanted);
  const length = got === letters(got.length) ? lettersLine(got.length) : bytesLine(got);
  return `a body of ${length}: ${differenceLine(whole, got)}`;
}

const textOf = (body: number | string): string => (typeof body === 'number' ? letters(body) : body);

/** What came of the headers that are asked for. */
const valuesOf = (asked: Headers = {}, got: Record<string, string> = {}): Headers =>
  Object.fromEntries(Object.keys(asked).map((name) => [name, got[name] ?? null]));

function headerLine(name: string, value: Headers[string]): string {
  return value === null
    ? `no ${name}`
    : `${name}: ${Array.isArray(value) ? value.join(between(name)) : value}`;
}

/** What came of a request: the answer, and which backend saw it. */
export interface Outcome {
  answer: Answer | NoAnswer;
  sighting: Sighting | undefined;
}

/** In a line, as expectedLine says what was expected. */
export function outcomeLine({ answer, sighting }: Outcome, expected: Expected): string {
  if ('failed' in answer) {
    const who = sighting ? `; ${sighting.backend} saw the request` : '';
    const how =
      answer.refused === undefined || answer.refused === answer.failed
        ? ''
        : ` (refused with ${answer.refused})`;
    return `no answer: ${stages[answer.phase]} failed with ${answer.failed}${how}${who}`;
  }
  const { seen, mirrored, times, headers, body, location, tls } = 'refused' in expected ? {} : expected;
  return [
    ...(sighting
      ? sightingWords(answer, sighting, times !== undefined)
      : [`${answer.status}, and no backend saw the request`]),
    ...copiesWords(mirrored && (sighting?.copies ?? [])),
    ...(sighting ? headerWords('it saw', valuesOf(seen, sighting.headers)) : []),
    ...headerWords(
      'returned',
      valuesOf({ ...headers, ...(location !== undefined && { location }) }, answer.headers),
    ),
    ...(body === undefined ? [] : [cameBodyLine(body, answer.body)]),
    ...factsOf(tls).map((fact) => `TLS ${fact} ${answer.tls?.[fact] ?? 'none'}`),
  ].join(', ');
}

function sightingWords({ status }: Answer, sighting: Sighting, counted: boolean): string[] {
  const { backend, pod, copies = [] } = sighting;
  if (!counted) return [`${status} from ${backend} (pod ${pod})`];
  const others = copies.filter((copy) => copy !== backend);
  return [
    `${status} after ${backend} (pod ${pod}) was asked ${often(1 + copies.length - others.length)}`,
    ...others.map((other) => `${other} was asked too`),
  ];
}

const stages: Record<NoAnswer['phase'], string> = {
  connect: 'connect',
  tls: 'TLS handshake',
  request: 'request',
};

/** Whether what came back of a request is what was expected, all of it but the backend. */
export function answerIsRight(expected: Expected, answer: Answer | NoAnswer, request: Request): boolean {
  if ('refused' in expected)
    return (
      'failed' in answer && answer.phase !== 'connect' && expected.refused.includes(answer.refused ?? '')
    );
  return (
    !('failed' in answer) &&
    statusIsRight(expected, answer) &&
    headersMatch(expected.headers, answer.headers) &&
    bodyIsRight(expected, answer) &&
    (expected.location === undefined || leadsTo(expected.location, answer.headers.location, request)) &&
    handshakeIsRight(expected, answer)
  );
}

/** Whether a client of that request takes a Location for this URL. */
function leadsTo(url: string, location: string | undefined, { host, path, tls }: Request): boolean {
  const base = host && `${tls ? 'https' : 'http'}://${host}${path}`;
  // URL would mend it, a stricter client not
  if (location === undefined || /^https?:(?!\/\/[^/])/i.test(location)) return false;
  return URL.canParse(location, base) && new URL(location, base).href === new URL(url).href;
}

/** Whether the answer's body is what was expected. */
export const bodyIsRight = ({ body }: Answered, answer: Answer): boolean =>
  body === undefined || answer.body === textOf(body);

/** Whether the answer has the status, or one of those, that was expected. */
export const statusIsRight = ({ status }: Answered, answer: Answer): boolean =>
  [status].flat().includes(answer.status);

const factsOf = (tls: Answered['tls'] = {}): (keyof Handshake)[] => Object.keys(tls) as (keyof Handshake)[];

/** Whether the handshake came to what was expected. */
export const handshakeIsRight = ({ tls }: Answered, answer: Answer): boolean =>
  factsOf(tls).every((fact) => matches(tls?.[fact], answer.tls?.[fact]));

function matches(expected: string | RegExp | undefined, got: string | undefined): boolean {
  if (got === undefined) return false;
  return expected instanceof RegExp ? expected.test(got) : got === expected;
}

/** Whether the right backend, or none, saw the request, and saw the right headers. */
export function sightingIsRight(expected: Expected, sighting: Sighting | undefined): boolean {
  if (expected.backend === null) return sighting === undefined;
  const { backend, mirrored } = expected;
  const { seen } = due(expected, sighting);
  return (
    sighting?.backend === backend &&
    timesAreRight(expected, sighting) &&
    (seen === undefined || headersMatch(seen, sighting.headers ?? {})) &&
    (mirrored === undefined || isDeepStrictEqual(mirrored.toSorted(), sighting.copies?.toSorted()))
  );
}

/** With what the backend saw otherwise than it was sent, of which nothing is said: no filter is for it. */
export function due<E extends Expected>(expected: E, sighting: Sighting | undefined): E {
  if (!sighting?.altered || 'refused' in expected) return expected;
  const { seen } = expected as Answered;
  return { ...expected, seen: { ...sighting.altered, ...seen } };
}

/** Without the headers, and the body, that are as they have to be: what is left tells what is wrong. */
export function unmet(expected: Expected, { answer, sighting }: Outcome): Expected {
  if ('refused' in expected || 'failed' in answer) return expected;
  return {
    ...expected,
    seen: headersAmiss(due(expected, sighting).seen, sighting?.headers),
    headers: headersAmiss(expected.headers, answer.headers),
    body: bodyIsRight(expected, answer) ? undefined : expected.body,
  };
}

/** Whether the backend was asked as often as expected, and no other one was. */
export function timesAreRight({ backend, times }: Answered, { copies = [] }: Sighting): boolean {
  if (times === undefined) return true;
  return (
    copies.every((copy) => copy === backend) && (times === 'at least once' || copies.length === times - 1)
  );
}

const headersAmiss = (expected: Headers = {}, headers: Record<string, string> = {}): Headers =>
  Object.fromEntries(
    Object.entries(expected).filter(([name, value]) => !isAsAsked(name, value, headers[name])),
  );

const headersMatch = (expected: Headers | undefined, headers: Record<string, string>): boolean =>
  Object.keys(headersAmiss(expected, headers)).length === 0;

function isAsAsked(name: string, value: Headers[string], got: string | undefined): boolean {
  if (value === null || got === undefined) return value === null && got === undefined;
  return Array.isArray(value) ? isDeepStrictEqual(valuesIn(name, got), value) : matches(value, got);
}
