import { type Answer, type NoAnswer, type Request } from './request.ts';
import type { Sighting } from './sighting.ts';

/** What must come back. Every field that is given is compared, inside the retry. */
export interface Expected {
  status: number;
  /**
   * The Deployment whose pod must have answered, in a namespace that the fixtures declare with its name before it
   * (`guest/httpbin`); `null`: the gateway itself, and no backend saw the request.
   */
  backend: string | null;
  /** Headers as the backend saw them, by lower-case name; `null`: absent. Needs a backend that echoes them. */
  seen?: Record<string, string | RegExp | null> | undefined;
  /** Headers of the answer, by lower-case name; `null`: absent. */
  headers?: Record<string, string | RegExp | null> | undefined;
}

/** One row of a case's table: what is asked and what must come back. */
export interface Exchange {
  request: Request;
  answer: Expected;
  /** Said in the title where the request alone does not tell what the row is for. */
  why?: string | undefined;
}

/** The answer to a request that nothing is configured for: 404, from the gateway itself. */
export const notFound: Expected = { status: 404, backend: null };

/** `HEAD httpbin.example.com/status/200` */
export function requestLine({ method = 'GET', host, path }: Request): string {
  return `${method} ${host === '' ? '(empty host)' : (host ?? '(no host name)')}${path}`;
}

/** `200 from httpbin, Host: any.example` */
export function expectedLine({ status, backend, seen, headers }: Expected): string {
  const who = backend === null ? 'the gateway' : backend;
  return [
    `${status} from ${who}`,
    ...Object.entries(seen ?? {}).map(([name, value]) => `${who} sees ${headerLine(name, value)}`),
    ...Object.entries(headers ?? {}).map(([name, value]) => `returned ${headerLine(name, value)}`),
  ].join(', ');
}

/** `GET httpbin.example.com/status/200 (in capitals)` */
export const requestTitle = ({ request, why }: Exchange): string =>
  `${requestLine(request)}${why === undefined ? '' : ` (${why})`}`;

/** A row's title: `HEAD httpbin.example.com/status/200 → 200 from httpbin`. */
export function exchangeTitle(exchange: Exchange): string {
  const { status, backend } = exchange.answer;
  return `${requestTitle(exchange)} → ${status} from ${backend ?? 'the gateway'}`;
}

function headerLine(name: string, value: string | RegExp | null): string {
  return value === null ? `no ${name}` : `${name}: ${value}`;
}

/** What came of a request: the answer, and which backend saw it. */
export interface Outcome {
  answer: Answer | NoAnswer;
  sighting: Sighting | undefined;
}

/** In a line, as expectedLine says what was expected. */
export function outcomeLine({ answer, sighting }: Outcome, { seen, headers }: Expected): string {
  if ('failed' in answer) {
    const who = sighting ? `; ${sighting.backend} saw the request` : '';
    return `no answer: ${answer.phase} failed with ${answer.failed}${who}`;
  }
  return [
    sighting
      ? `${answer.status} from ${sighting.backend} (pod ${sighting.pod})`
      : `${answer.status}, and no backend saw the request`,
    ...Object.keys(seen ?? {}).map((name) => `it saw ${headerLine(name, sighting?.headers?.[name] ?? null)}`),
    ...Object.keys(headers ?? {}).map((name) => `returned ${headerLine(name, answer.headers[name] ?? null)}`),
  ].join(', ');
}

/** Whether what came back is what was expected, all of it but the backend. */
export function answerIsRight({ status, headers }: Expected, answer: Answer | NoAnswer): boolean {
  return !('failed' in answer) && answer.status === status && headersMatch(headers, answer.headers);
}

/** Whether the right backend, or none, saw the request, and saw the right headers. */
export function sightingIsRight({ backend, seen }: Expected, sighting: Sighting | undefined): boolean {
  if (backend === null) return sighting === undefined;
  return sighting?.backend === backend && (seen === undefined || headersMatch(seen, sighting.headers ?? {}));
}

function headersMatch(
  expected: Record<string, string | RegExp | null> = {},
  headers: Record<string, string>,
): boolean {
  return Object.entries(expected).every(([name, value]) => {
    const got = headers[name];
    if (value === null || got === undefined) return value === null && got === undefined;
    return typeof value === 'string' ? got === value : value.test(got);
  });
}
