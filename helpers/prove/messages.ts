import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Request } from '../traffic/request.ts';
import { type RawAnswer, withLength } from './answer.ts';

/** What makes a request known again in a backend's log. */
const mark = /(?<=ingress-conformance\/)[0-9a-f-]{36}/g;

/** Ends the connection that an answer is due on, without a word. */
export function cut(res: unknown): void {
  const { stream, socket } = res as { stream?: ServerHttp2Stream; socket?: Socket };
  if (stream) stream.session?.destroy();
  else if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** Gives an answer. */
export function write(res: ServerResponse, { status, headers, body }: RawAnswer): void {
  if (res.destroyed || res.headersSent) return;
  const h2 = 'stream' in res;
  res.statusCode = status;
  for (const [name, value] of headers) if (!(h2 && hopByHop.test(name))) res.appendHeader(name, value);
  res.end(body);
}

/** Gives an answer with a body that its status or the method leaves no room for. */
export function overfull(res: ServerResponse, { status, headers }: RawAnswer): void {
  const { socket } = res;
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  socket?.end(`HTTP/1.1 ${status} Sabotaged\r\n${lines.join('')}\r\nsabotaged`);
}

/** Gives the first half of an answer, and ends its connection. */
export function truncated(res: ServerResponse, { body, headers, ...answer }: RawAnswer): void {
  res.statusCode = answer.status;
  for (const [name, value] of withLength(headers, body))
    if (!hopByHop.test(name)) res.appendHeader(name, value);
  res.setHeader('content-length', body.length);
  const { stream } = res as { stream?: ServerHttp2Stream };
  const half = body.subarray(0, body.length / 2);
  res.write(half, () => (stream ? stream.close(constants.NGHTTP2_CANCEL) : cut(res)));
}

const hopByHop = /^(connection|keep-alive|transfer-encoding|upgrade|proxy-connection)$/i;

/** Names and values, which node has in turn. */
export function pairsOf(raw: string[]): [string, string][] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] as [string, string]] : []));
}

/** Header lines of a request by name, as they came; those of HTTP/2 that are none of HTTP/1 left out. */
export function linesOf({ rawHeaders }: IncomingMessage): [string, string[]][] {
  const pairs = pairsOf(rawHeaders).filter(([name]) => !name.startsWith(':') && !hopByHop.test(name));
  const byName = Map.groupBy(pairs, ([name]) => name.toLowerCase());
  return [...byName].map(([name, lines]) => [name, lines.map(([, value]) => value)]);
}

/** Without those of HTTP/2 that are none of HTTP/1. */
export const ofHttp1 = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));

/** Without those of these names. */
export const without = (headers: object, names: string[]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

/** By their names in lower case. */
export const lowerCased = (headers: Request['headers'] = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The header lines of a request, as node has them, with others set and some dropped. */
export function rawOf(
  req: IncomingMessage,
  { host, headers = {} }: Partial<Pick<Request, 'host' | 'headers'>>,
  dropped: string[],
): string[] {
  const pairs = pairsOf(req.rawHeaders);
  const authority = pairs.find(([name]) => name === ':authority')?.[1];
  const named = authority === undefined ? pairs : [...pairs, ['host', authority] as [string, string]];
  const set = { ...headers, ...(host !== undefined && { host }) };
  const names = [...Object.keys(lowerCased(set)), ...dropped];
  const kept = named.filter(([name]) => !names.includes(name.toLowerCase()));
  const added = Object.entries(set).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
  return [...kept, ...added].flat();
}

/** The same request with other marks: to who looks for it in a log, another one. */
export function remarked(req: IncomingMessage): Partial<Request> {
  const other = randomUUID();
  const agent = req.headers['user-agent'];
  return {
    path: req.url?.replace(mark, other) ?? '/',
    ...(agent !== undefined && { headers: { 'user-agent': agent.replace(mark, other) } }),
  };
}

/** The mark of a request that is in its query. */
export const markIn = (url = ''): string | undefined => /ingress-conformance\/[0-9a-f-]{36}/.exec(url)?.[0];

/** The pod that an answer says it is of. */
export function whoIn({ body }: RawAnswer): string | undefined {
  return /"pod": *"([^"]+)"/.exec(body.toString('utf8'))?.[1];
}
