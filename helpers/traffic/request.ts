import http from 'node:http';
import https from 'node:https';
import { isIPv6 } from 'node:net';
import got, { RequestError } from 'got';

/** What is asked. */
export interface Request {
  /** Default: GET. */
  method?: string | undefined;
  /** The Host header, as it is to be on the wire, port included; `''` sends an empty one. Default: the address. */
  host?: string | undefined;
  /** Sent exactly as written: nothing is normalised or encoded. */
  path: string;
  /** Further headers. */
  headers?: Record<string, string> | undefined;
  /** HTTPS instead of HTTP. */
  tls?: Tls | undefined;
}

interface Tls {
  /** The name in the handshake (SNI), whatever Host says; `''` sends none. The server's certificate has to be for it. */
  serverName: string;
  /** Certificate authorities to trust instead of the machine's, PEM. */
  ca?: string | undefined;
}

/** Where it is asked: an IP or a host name, and a port. */
export interface Address {
  host: string;
  port: number;
}

/** What came back. */
export interface Answer {
  status: number;
  /** By lower-case name; a header that came several times is joined with `, `. */
  headers: Record<string, string>;
  body: string;
}

/** No HTTP answer came. */
export interface NoAnswer {
  /** The system's code, such as ECONNREFUSED, ECONNRESET or ETIMEDOUT. */
  failed: string;
  /** How far it came: connect, or after it. */
  phase: 'connect' | 'request';
  message: string;
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

/**
 * Sends one request straight to an address, whatever its Host header says.
 * @param limits milliseconds for the TCP connect and for the whole request
 * @returns the answer, or how none came; redirects are not followed and no status is an error
 */
export async function send(
  address: Address,
  { method = 'GET', host, path, headers = {}, tls }: Request,
  { connect, request, signal }: { connect: number; request: number; signal?: AbortSignal | undefined },
): Promise<Answer | NoAnswer> {
  const scheme = tls ? 'https' : 'http';
  const at = authority(address, scheme);
  try {
    const {
      statusCode,
      rawBody,
      headers: returned,
    } = await got(`${scheme}://${at}/`, {
      method: method as 'GET',
      headers,
      agent: fresh,
      https: tls ? { serverName: tls.serverName, ...(tls.ca && { certificateAuthority: tls.ca }) } : {},
      // got would normalise the path, and node fill in an empty Host
      request: (url, options, callback) => {
        const sent = {
          ...options,
          path,
          setHost: false,
          headers: { ...options.headers, host: host ?? at },
        };
        return (tls ? https : http).request(url, sent as https.RequestOptions, callback);
      },
      timeout: { connect, request },
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
      decompress: false,
      responseType: 'buffer',
      ...(signal ? { signal } : {}),
    });
    const joined = Object.entries(returned).map(([name, value]) => [name, [value].flat().join(', ')]);
    return {
      status: statusCode,
      headers: Object.fromEntries(joined),
      body: Buffer.from(rawBody).toString('utf8'),
    };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    signal?.throwIfAborted();
    const connected = error.timings?.phases.tcp !== undefined;
    return { failed: error.code, phase: connected ? 'request' : 'connect', message: error.message };
  }
}
