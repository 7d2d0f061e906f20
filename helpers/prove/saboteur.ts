import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createH2c, createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { createProxyServer, type ProxyServer } from 'http-proxy-3';
import type { Certificates } from '../tls/certificates.ts';
import type { Pair } from '../tls/pair.ts';
import { type Address, handshakeOptions, type Request, type Tls } from '../traffic/request.ts';
import { alteredAnswer, type RawAnswer } from './answer.ts';
import { alteredBytes } from './body.ts';
import type { TrafficDoes, TrafficFault } from './catalogue.ts';
import {
  cut,
  linesOf,
  lowerCased,
  markIn,
  ofHttp1,
  overfull,
  pairsOf,
  rawOf,
  remarked,
  truncated,
  whoIn,
  without,
  write,
} from './messages.ts';

/** What a saboteur stands in front of, and what it knows of who asks. */
export interface Front {
  /** The ingress, as a client on this machine gets to it. */
  target: Address;
  /** The requests that it does something to; the others are handed on as they are. */
  request: Request;
  /** A request that a backend answers; left out: none is known. */
  served?: Request | undefined;
  /** Of TLS: what the saboteur shows to who asks. */
  pair?: Pair | undefined;
  certificates: Certificates;
  /** Milliseconds for the gateway's answer. */
  timeout: number;
}

/**
 * A proxy between a client and a gateway, at a port of this machine's loopback, that does what a fault says: built on
 * http-proxy-3. It speaks to the gateway as the client would, with the same names, headers and certificates.
 * @see https://github.com/sagemathinc/http-proxy-3
 */
export class Saboteur {
  readonly address: Address;
  /** How often it has done something. */
  touched: number;
  readonly #front: Front;
  readonly #fault: Pick<TrafficFault, 'does' | 'when'>;
  readonly #server: Server | Http2SecureServer;
  readonly #proxy: ProxyServer;
  readonly #sockets = new Set<Socket>();
  readonly #bodies = new WeakMap<IncomingMessage, Promise<Buffer>>();
  readonly #end = new AbortController();
  #asked = 0;
  #first: string | undefined;
  /** What came first over each connection. */
  readonly #firsts = new WeakMap<Socket, IncomingMessage>();

  private constructor(front: Front, fault: Pick<TrafficFault, 'does' | 'when'>, server: Server) {
    this.#front = front;
    this.#fault = fault;
    this.#server = server;
    // a handshake that is another one may end before there is a request
    const { certificate, version, answer } = fault.does;
    this.touched = (certificate && answer === undefined) || version ? 1 : 0;
    this.address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    this.#proxy = createProxyServer({});
    this.#proxy.on('proxyReq', (out, req) => {
      // the library joins what came in several lines
      for (const [name, values] of linesOf(req))
        out.setHeader(name, values.length > 1 ? values : (values[0] ?? ''));
    });
    this.#proxy.on('error', (_error, _req, res) => cut(res));
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (req: IncomingMessage, res: ServerResponse) => {
      this.#answer(req, res).catch(() => cut(res));
    });
  }

  /** Settles when it listens. */
  static async stand(front: Front, fault: Pick<TrafficFault, 'does' | 'when'>): Promise<Saboteur> {
    const server = await serverFor(front, fault.does);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    server.unref();
    return new Saboteur(front, fault, server);
  }

  /** Ends its connections, and gives the port back. */
  close(): void {
    this.#end.abort();
    this.#server.close();
    this.#proxy.close(() => {});
    for (const socket of this.#sockets) socket.destroy();
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    res.on('error', () => {});
    if (!this.#firsts.has(req.socket)) this.#firsts.set(req.socket, req);
    if (!this.#isMeant(req)) return this.#relay(req, res);
    this.#asked += 1;
    const { does, when } = this.#fault;
    if (when === 'every second' && this.#asked % 2 === 1) return this.#relay(req, res);
    if (when === 'third' && this.#asked !== 3) return this.#relay(req, res);
    await this.#meddle(req, res, does);
  }

  async #meddle(req: IncomingMessage, res: ServerResponse, does: TrafficDoes): Promise<void> {
    if (does.hold || does.answer !== undefined) this.touched += 1;
    if (does.hold) return;
    if (does.reset) {
      this.touched += 1;
      cut(res);
      return;
    }
    if (does.answer !== undefined) {
      write(res, { status: does.answer, headers: [], body: Buffer.from('sabotaged\n') });
      return;
    }
    if (does.sent) await this.#meddleWithBody(req, does.sent);
    const answer = await this.#askedFor(req, res, does);
    if (!answer) return;
    if (does.wait) await pause(does.wait, undefined, { signal: this.#end.signal });
    const altered = alteredAnswer(answer, does);
    if (altered !== answer) this.touched += 1;
    if (does.answered === 'added' && !('stream' in res)) {
      this.touched += 1;
      overfull(res, altered);
      return;
    }
    if (does.truncate && req.method !== 'HEAD' && altered.body.length > 1) {
      this.touched += 1;
      truncated(res, altered);
      return;
    }
    write(res, altered);
  }

  async #meddleWithBody(req: IncomingMessage, how: TrafficDoes['sent']): Promise<void> {
    const body = await this.#bodyOf(req);
    const other = alteredBytes(body, how);
    if (other === body) return;
    this.touched += 1;
    this.#bodies.set(req, Promise.resolve(other));
  }

  /** The body of a request, which may be asked several times, and be read once only. */
  #bodyOf(req: IncomingMessage): Promise<Buffer> {
    const body = this.#bodies.get(req) ?? buffer(req);
    this.#bodies.set(req, body);
    return body;
  }

  /** What the gateway answers to what the fault has it asked. */
  async #askedFor(
    req: IncomingMessage,
    res: ServerResponse,
    { ask }: TrafficDoes,
  ): Promise<RawAnswer | undefined> {
    switch (ask) {
      case 'another':
      case 'marked otherwise':
        this.touched += 1;
        return this.#exchange(req, res, remarked(req));
      case 'twice':
        this.touched += 1;
        await this.#exchange(req, res);
        return this.#exchange(req, res);
      case 'served':
        return this.#leaked(req, res);
      case 'until the first backend':
        return this.#favoured(req, res);
      case 'as the first':
        return this.#pinned(req, res);
      default:
        return this.#exchange(req, res);
    }
  }

  /** The answer that is due, with the body of a backend that has got the request. */
  async #leaked(req: IncomingMessage, res: ServerResponse): Promise<RawAnswer | undefined> {
    const { served } = this.#front;
    const due = await this.#exchange(req, res);
    if (!served || !due) return due;
    const marked = markIn(req.url);
    const path =
      marked === undefined ? served.path : `${served.path}${served.path.includes('?') ? '&' : '?'}${marked}`;
    const { body } = (await this.#exchange(req, res, { ...served, path, instead: true })) ?? due;
    // where no log has a mark of the request, it is the body that says whose it is
    if (body === due.body || (marked === undefined && req.method === 'HEAD')) return due;
    this.touched += 1;
    const headers = due.headers.filter(
      ([name]) => !/^(content-type|content-length|transfer-encoding)$/i.test(name),
    );
    return { ...due, headers: [...headers, ['content-type', 'application/json']], body };
  }

  /** What came of it, once more where another backend than the first answered. */
  async #favoured(req: IncomingMessage, res: ServerResponse): Promise<RawAnswer | undefined> {
    const answer = await this.#exchange(req, res);
    const who = answer && whoIn(answer);
    if (who === undefined || this.#first === undefined || who === this.#first) {
      this.#first ??= who;
      return answer;
    }
    this.touched += 1;
    return this.#exchange(req, res);
  }

  /** What becomes of the first request of its connection, with this one's mark. */
  #pinned(req: IncomingMessage, res: ServerResponse): Promise<RawAnswer | undefined> {
    const first = this.#firsts.get(req.socket) ?? req;
    if (first === req) return this.#exchange(req, res);
    this.touched += 1;
    return this.#exchange(req, res, { host: first.headers.host, path: first.url ?? '/' });
  }

  async #relay(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const answer = await this.#exchange(req, res);
    if (answer) write(res, answer);
  }

  /** Asks the gateway what was asked, or something else; undefined when no answer came: the connection is ended then. */
  async #exchange(
    req: IncomingMessage,
    res: ServerResponse,
    other: Partial<Request> & { instead?: boolean } = {},
  ): Promise<RawAnswer | undefined> {
    const { target, request, certificates, timeout } = this.#front;
    const host = other.host ?? req.headers[':authority'] ?? req.headers.host;
    const own = other.instead ? [...Object.keys(lowerCased(request.headers)), ...ofBody] : [];
    const sent = other.instead ? Buffer.alloc(0) : await this.#bodyOf(req);
    const length = lengthOf(req, sent, own);
    const set = { ...other.headers, ...length };
    const headers = { ...without(ofHttp1(req.headers), own), ...lowerCased(set), host };
    // HTTP/2's requests of node have no fields that could be set
    const asked = Object.create(req, {
      method: { value: other.method ?? (other.instead ? 'GET' : req.method) },
      url: { value: other.path ?? req.url },
      headers: { value: headers },
      rawHeaders: { value: rawOf(req, { ...other, headers: set }, own) },
    }) as IncomingMessage;
    const { promise, resolve } = Promise.withResolvers<IncomingMessage | undefined>();
    const onAnswer = (came: IncomingMessage, of: IncomingMessage): void => {
      if (of === asked) resolve(came);
    };
    this.#proxy.on('proxyRes', onAnswer);
    try {
      const tls = request.tls && (await handshakeOptions(target, request.tls, certificates));
      this.#proxy.web(
        asked,
        res,
        {
          // the library takes the client's certificate from here and the rest from `ssl`
          target: {
            protocol: tls ? 'https:' : 'http:',
            host: target.host,
            port: target.port,
            ...(tls?.cert && { cert: String(tls.cert), key: String(tls.key) }),
          },
          selfHandleResponse: true,
          toProxy: true,
          prependPath: false,
          proxyTimeout: timeout,
          buffer: Readable.from(sent.length > 0 ? [sent] : []),
          ...(tls && { ssl: { ...tls, rejectUnauthorized: false }, secure: false }),
        },
        () => resolve(undefined),
      );
      const came = await promise;
      if (!came) {
        cut(res);
        return undefined;
      }
      const body = await buffer(came);
      // of the connection behind: the one in front would be closed by it
      const returned = pairsOf(came.rawHeaders).filter(([name]) => name.toLowerCase() !== 'connection');
      return { status: came.statusCode ?? 0, headers: returned, body };
    } finally {
      this.#proxy.off('proxyRes', onAnswer);
    }
  }

  /** Over a held connection come requests of other rows, too. */
  #isMeant(req: IncomingMessage): boolean {
    const { method = 'GET', path, host } = this.#front.request;
    const asked = String(req.headers[':authority'] ?? req.headers.host ?? '');
    const [way = ''] = (req.url ?? '').split(/[?&]ingress-conformance\//);
    return (
      req.method === method &&
      (path.includes('{uuid}') || way === path) &&
      (host === undefined || asked.toLowerCase() === host.toLowerCase())
    );
  }
}

/** Headers that tell of a request's body. */
const ofBody = ['content-type', 'content-length', 'transfer-encoding'];

/** The length of a body where the request says it, which may have become another. */
const lengthOf = ({ headers }: IncomingMessage, { length }: Buffer, dropped: string[]) =>
  headers['content-length'] === undefined || dropped.includes('content-length')
    ? {}
    : { 'content-length': String(length) };

async function serverFor(
  { request: { tls, protocol }, pair }: Front,
  { version }: TrafficDoes,
): Promise<Server> {
  if (protocol === 'h2c') return createH2c() as unknown as Server;
  if (!tls) return createServer({ requireHostHeader: false });
  if (!pair) throw new Error('over TLS a saboteur needs a certificate to show');
  const versions = version === 'other' ? otherVersions(tls) : {};
  const options = { allowHTTP1: true, cert: pair.certificate, key: pair.key, requireHostHeader: false };
  return createSecureServer({ ...options, ...versions }) as unknown as Server;
}

function otherVersions({ version = 'TLSv1.3' }: Tls) {
  const other = version === 'TLSv1.3' ? 'TLSv1.2' : 'TLSv1.3';
  return { minVersion: other, maxVersion: other } as const;
}
