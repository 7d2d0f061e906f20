import http from 'node:http';
import https from 'node:https';
import { isIPv6 } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, type TLSSocket } from 'node:tls';
import got, { RequestError } from 'got';
import { within } from '../deadline.ts';
import type { Certificates, Client } from '../tls/certificates.ts';
import { alertOf } from '../tls/refusal.ts';
import { sendH2c } from './http2.ts';
import { letters } from './letters.ts';
import { joinedHeaders } from './lines.ts';

/** What is asked. */
export interface Request {
  /** Default: GET. */
  method?: string | undefined;
  /** The Host header, as it is to be on the wire, port included; `''` sends an empty one. Default: the address. */
  host?: string | undefined;
  /**
   * Sent exactly as written: nothing is normalised or encoded. In a table of exchanges `{uuid}` becomes one that no
   * other request has.
   */
  path: string;
  /**
   * In a row, the path gets a mark of its own in its query, by which the log of a backend tells that it saw the request.
   * Backends that name themselves log nothing else of it.
   */
  marked?: boolean | undefined;
  /** Further headers; several values are sent in a line each. */
  headers?: Record<string, string | string[]> | undefined;
  /**
   * A body of so many letters, the alphabet over and over, as text/plain. Its length is said in Content-Length, and where
   * `headers` have `transfer-encoding: chunked` by the chunks. Default: no body.
   */
  body?: number | undefined;
  /** HTTPS instead of HTTP. */
  tls?: Tls | undefined;
  /** HTTP/2 without TLS, by prior knowledge. Left out: HTTP/1.1. */
  protocol?: 'h2c' | undefined;
}

/** How a handshake is made. The server's certificate has to be of the authority that the setup's certificates have. */
export interface Tls {
  /** The name in the handshake (SNI), whatever Host says; `''` sends none. */
  serverName: string;
  /** The name or IP that the server's certificate has to be for. Default: the serverName; without one the address. */
  certificateFor?: string | undefined;
  /** The certificate that the client shows. Default: none. */
  clientCertificate?: Client | undefined;
  /** The only version to speak. Default: any that node has. */
  version?: 'TLSv1.2' | 'TLSv1.3' | undefined;
}

/** Where it is asked: an IP or a host name, and a port. */
export interface Address {
  host: string;
  port: number;
}

/** What came back. */
export interface Answer {
  status: number;
  /** By lower-case name; the lines of a header that came several times are joined, those of Set-Cookie with ` | `. */
  headers: Record<string, string>;
  body: string;
  /** What was agreed upon in the handshake. */
  tls?: Handshake | undefined;
}

/** What a handshake came to. */
export interface Handshake {
  /** `TLSv1.3` */
  version: string;
  /** What the setup calls the server's certificate: the Secret that it is in. A strange one: `unknown: CN=…`. */
  certificate: string;
}

/** No HTTP answer came. */
export interface NoAnswer {
  /** The system's code, such as ECONNREFUSED, ECONNRESET or ETIMEDOUT. */
  failed: string;
  /** How far it came: connect, the TLS handshake, or after them. */
  phase: 'connect' | 'tls' | 'request';
  message: string;
  /**
   * How it was refused by somebody who was there: the gateway's TLS alert (`certificate required`; RFC 8446, 6), or
   * `connection closed`; where it was the client who refused the gateway's certificate, why (`CERT_HAS_EXPIRED`).
   */
  refused?: string | undefined;
}

/** What bounds a request, and what it is made with. */
export interface Limits {
  /** Milliseconds for the TCP connect. */
  connect: number;
  /** Milliseconds for the whole request. */
  request: number;
  signal?: AbortSignal | undefined;
  /** For requests over TLS; without them the machine's authorities are trusted. */
  certificates?: Certificates | undefined;
}

/** A new connection for each request: what a kept one still leads to must not decide a verdict. */
const fresh = {
  http: new http.Agent({ keepAlive: false }),
  https: new https.Agent({ keepAlive: false, maxCachedSessions: 0 }),
};

/** `10.0.0.1:8080`, `[fd00::1]`; without the port where it is the scheme's own. */
export function authority({ host, port }: Address, scheme: 'http' | 'https' = 'http'): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  return port === { http: 80, https: 443 }[scheme] ? name : `${name}:${port}`;
}

/** Codes of connections that somebody ended who had taken them. */
const closed = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_CONSTANT']);

/**
 * Sends one request straight to an address, whatever its Host header says.
 * @param agent has the connections that it may go over; left out: a new one
 * @returns the answer, or how none came; redirects are not followed and no status is an error
 */
export async function send(
  address: Address,
  asked: Request,
  limits: Limits,
  agent: { http: http.Agent; https?: https.Agent } = fresh,
): Promise<Answer | NoAnswer> {
  if (asked.protocol === 'h2c') return sendH2c(address, asked, limits);
  const { method = 'GET', host, path, body, tls } = asked;
  const { connect, request, signal, certificates } = limits;
  const scheme = tls ? 'https' : 'http';
  const at = authority(address, scheme);
  const handshake = tls && (await handshakeOptions(address, tls, certificates));
  const bounded = within(request, signal);
  let socket: TLSSocket | undefined;
  let agreed: Handshake | undefined;
  try {
    const {
      statusCode,
      rawBody,
      headers: returned,
    } = await got(`${scheme}://${at}/`, {
      method: method as 'GET',
      headers: sentHeaders(asked),
      ...(body !== undefined && { body: letters(body) }),
      agent,
      // got would normalise the path, and node fill in an empty Host
      request: (url, options, callback) => {
        const sent = {
          ...options,
          ...handshake,
          path,
          setHost: false,
          headers: { ...options.headers, host: host ?? at },
        };
        const message = (tls ? https : http).request(url, sent as https.RequestOptions, callback);
        message.once('socket', (opened) => {
          if (!tls) return;
          socket = opened as TLSSocket;
          socket.once('secureConnect', () => {
            agreed = handshakeOf(opened as TLSSocket, certificates);
          });
        });
        return message;
      },
      timeout: connect < request ? { connect } : {},
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
      decompress: false,
      responseType: 'buffer',
      signal: bounded,
    });
    return {
      status: statusCode,
      headers: joinedHeaders(returned),
      body: Buffer.from(rawBody).toString('utf8'),
      ...(agreed && { tls: agreed }),
    };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    signal?.throwIfAborted();
    const { message, timings } = error;
    const code = bounded.aborted ? 'ETIMEDOUT' : error.code;
    const connected = timings?.phases.tcp !== undefined;
    const alert = alertOf(message);
    const refused =
      // node has it where the client was not content with the server's certificate
      (socket?.authorizationError as unknown as string | undefined) ??
      alert ??
      (connected && closed.has(code) ? 'connection closed' : undefined);
    // TLS 1.3: the client has made the handshake when the server looks at its certificate
    const inHandshake = tls !== undefined && (agreed === undefined || alert !== undefined);
    const phase = connected ? (inHandshake ? 'tls' : 'request') : 'connect';
    return { failed: code, phase, message, ...(refused !== undefined && { refused }) };
  }
}

/** The headers of a request, with those that tell of its body. */
export const sentHeaders = ({ body, headers = {} }: Request): NonNullable<Request['headers']> =>
  body === undefined ? headers : { 'content-type': 'text/plain', ...headers };

/** What node's TLS takes. @param certificates have the keys */
export async function handshakeOptions(
  { host }: Address,
  { serverName, certificateFor, clientCertificate, version }: Tls,
  certificates: Certificates | undefined,
): Promise<ConnectionOptions> {
  const name = certificateFor ?? (serverName === '' ? host : serverName);
  if (clientCertificate && !certificates)
    throw new Error('a client certificate comes from a setup: there is none');
  const client = clientCertificate && (await certificates?.client(clientCertificate));
  return {
    servername: serverName,
    checkServerIdentity: (_, presented) => checkServerIdentity(name, presented),
    ...(certificates && { ca: await certificates.authority() }),
    ...(client && { cert: client.certificate, key: client.key }),
    ...(version && { minVersion: version, maxVersion: version }),
  };
}

/** What a socket's handshake came to. */
export function handshakeOf(socket: TLSSocket, certificates: Certificates | undefined): Handshake {
  const { fingerprint256, subject } = socket.getPeerCertificate();
  return {
    version: socket.getProtocol() ?? 'no TLS',
    certificate: certificates?.nameOf(fingerprint256) ?? `unknown: CN=${subject.CN}`,
  };
}
