import http from 'node:http';
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
const fresh = new http.Agent({ keepAlive: false });

/** `10.0.0.1:80`, `[::1]:80`; without the port where it is the scheme's own. */
export function authority({ host, port }: Address): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  return port === 80 ? name : `${name}:${port}`;
}

/**
 * Sends one request straight to an address, whatever its Host header says.
 * @param limits milliseconds for the TCP connect and for the whole request
 * @returns the answer, or how none came; redirects are not followed and no status is an error
 */
export async function send(
  address: Address,
  { method = 'GET', host, path, headers = {} }: Request,
  { connect, request, signal }: { connect: number; request: number; signal?: AbortSignal | undefined },
): Promise<Answer | NoAnswer> {
  try {
    const {
      statusCode,
      rawBody,
      headers: returned,
    } = await got(`http://${authority(address)}/`, {
      method: method as 'GET',
      headers,
      agent: { http: fresh },
      // got would normalise the path, and node fill in an empty Host
      request: (url, options, callback) => {
        const sent = {
          ...options,
          path,
          setHost: false,
          headers: { ...options.headers, host: host ?? authority(address) },
        };
        return http.request(url, sent as http.RequestOptions, callback);
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
