import { X509Certificate } from 'node:crypto';
import type { Certificates } from '../tls/certificates.ts';
import { bodyLine } from './letters.ts';
import type { Answer } from './request.ts';

/** A backend saw a request. */
export interface Sighting {
  /** What cases call it: `httpbin`, `guest/httpbin`. */
  backend: string;
  pod: string;
  /** The headers it saw, by lower-case name, where it echoes them. */
  headers?: Record<string, string> | undefined;
  /** What was sent, by lower-case name, of that which it saw otherwise. */
  altered?: Record<string, string> | undefined;
  /** The backends whose logs show the request beside that, as often as they do. */
  copies?: string[] | undefined;
}

/**
 * The headers that a backend says it saw, if the body is an echo: httpbin's /headers, or the echo backend's. httpbin's
 * /anything tells `:body` as well, in a few words: `262144 letters`. The echo backend tells `:method` and `:path` as well, and the protocol: `:protocol` is HTTP/1.1 or HTTP/2.0. Where it was spoken to
 * over TLS, it also tells `:tls` (TLSv1.3), `:server-name` (the SNI) and `:client-certificate`.
 * @param certificates know what cases call the certificate that the backend was shown
 */
export function echoedHeaders(
  { body, headers }: Answer,
  certificates?: Certificates,
): Record<string, string> | undefined {
  const echo = jsonObject(body, headers);
  if (typeof echo?.headers !== 'object' || echo.headers === null) return undefined;
  const seen = Object.entries(echo.headers).map(([name, value]) => [
    name.toLowerCase(),
    [value].flat().join(', '),
  ]);
  // the echo backend tells them apart from the headers
  const apart = { host: echo.host, ':method': echo.method, ':path': echo.path, ':protocol': echo.proto };
  for (const [name, value] of Object.entries(apart)) if (typeof value === 'string') seen.push([name, value]);
  if (typeof echo.data === 'string') seen.push([':body', bodyLine(echo.data)]);
  return Object.fromEntries([...seen, ...echoedTls(echo.tls as EchoedTls | undefined, certificates)]);
}

/** As the echo backend tells it. */
interface EchoedTls {
  version: string;
  serverName: string;
  /** PEM, the client's own first. */
  peerCertificates?: string[];
}

function echoedTls(tls: EchoedTls | undefined, certificates: Certificates | undefined): [string, string][] {
  if (!tls) return [];
  const seen: [string, string][] = [
    [':tls', tls.version],
    [':server-name', tls.serverName],
  ];
  const [shown] = tls.peerCertificates ?? [];
  if (shown !== undefined) {
    const { fingerprint256, subject } = new X509Certificate(shown);
    seen.push([':client-certificate', certificates?.nameOf(fingerprint256) ?? `unknown: ${subject}`]);
  }
  return seen;
}

/** The pod that a backend says it is, if it says so: the echo backend does. */
export function echoedPod({ body, headers }: Answer): { pod: string; namespace: string } | undefined {
  const echo = jsonObject(body, headers);
  return typeof echo?.pod === 'string' && typeof echo.namespace === 'string' && echo.pod !== ''
    ? { pod: echo.pod, namespace: echo.namespace }
    : undefined;
}

function jsonObject(body: string, headers: Record<string, string>): Record<string, unknown> | undefined {
  if (!headers['content-type']?.includes('json')) return undefined;
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
