import { joinedHeaders, valuesIn } from './lines.ts';
import type { Request } from './request.ts';

/** What each hop says anew, of its connection and of how a body comes (RFC 9110, 7.6.1; RFC 9112, 6). */
const ofOneHop = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What backends tell apart from the headers, if they do. */
export const apart: ReadonlySet<string> = new Set([':method', ':path', 'host']);

/**
 * What was sent, by lower-case name, of that which a backend saw otherwise, or not at all: `:method`, `:path`, `host`
 * without its port, and the headers that are not those of one hop.
 * @param seen as the backend tells it
 */
export function altered(request: Request, seen: Record<string, string>): Record<string, string> {
  const sent = endToEnd(request).filter(
    ([name, value]) => !isSame(name, value, seen[name]) && !(apart.has(name) && seen[name] === undefined),
  );
  return Object.fromEntries(sent);
}

/** What of a request is for its backend, by lower-case name. */
export function endToEnd({ method = 'GET', host, path, headers = {} }: Request): [string, string][] {
  const named = Object.entries(joinedHeaders(headers)).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    value,
  ]);
  return [
    [':method', method],
    [':path', path],
    ...(host ? [['host', host] satisfies [string, string]] : []),
    ...named.filter(([name]) => !ofOneHop.has(name)),
  ];
}

function isSame(name: string, sent: string, seen: string | undefined): boolean {
  if (seen === undefined) return false;
  if (name === 'host') return hostOf(sent) === hostOf(seen);
  return valuesIn(name, sent).join() === valuesIn(name, seen).join();
}

/** A host is the same in any case, and a gateway may leave out the port of its listener. */
const hostOf = (authority: string): string => authority.toLowerCase().replace(/:\d+$/, '');
