import { shellWord } from '../../cluster/preflight/connection.ts';
import { isSecretHeader } from '../../reports/secrets.ts';
import { headerLines } from '../traffic/exchange.ts';
import { type Request, sentHeaders } from '../traffic/request.ts';
import { signedPath } from '../traffic/witness.ts';
import { fromEnvironment } from './withheld.ts';

/** What a script has made that a request shows or trusts. */
export const clientFiles = (client: string): string => `client-${client}`;

/**
 * The function `ask` of a script: sends the request by curl to `$at` and `$port`, with `$token` as its mark. A
 * credential is taken from the environment: no report keeps one.
 * @param marked also in the path, for a backend whose log shows nothing else
 * @param held whether it goes over a connection that was made for another name, as HTTP/2 has it
 */
export function askFunction(
  request: Request,
  { marked = false, held = false }: { marked?: boolean; held?: boolean } = {},
): string {
  const { method = 'GET', host, path: asked, body, tls, protocol } = request;
  const headers = sentHeaders(request);
  const path = marked ? signedPath(asked, '{uuid}') : asked;
  const words = ['curl', '-sS', '--max-time', '5', '--path-as-is', '--globoff', '"$@"'];
  if (protocol === 'h2c') words.push('--http2-prior-knowledge');
  else if (held) words.push('--http2');
  else words.push('--http1.1');
  if (method === 'HEAD') words.push('--head');
  else if (method !== 'GET') words.push('--request', method);
  const lines = headerLines(headers).map(headerWord);
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'user-agent'))
    words.push('--user-agent', '"ingress-conformance/$token"');
  if (host !== undefined) words.push('--header', shellWord(host === '' ? 'Host;' : `Host: ${host}`));
  for (const line of lines) words.push('--header', line);
  if (body !== undefined) words.unshift('letters', String(body), '|');
  // the run waits for no 100 before it sends a body
  if (body !== undefined) words.push('--data-binary', '@-', '--header', 'Expect:');
  if (tls) words.push(...handshakeWords(tls));
  const bare = host?.replace(/:\d+$/, '');
  const name = tls ? tls.serverName : bare && /^[\w.-]+$/.test(bare) ? bare : '';
  if (name !== '') words.push('--connect-to', '"::$at:$port"');
  const scheme = tls ? 'https' : 'http';
  const signed = shellWord(path).replaceAll('{uuid}', `'"$token"'`);
  words.push(`"${scheme}://${name === '' ? '$at' : name}:$port"${signed}`);
  return `ask() {\n  ${words.join(' ')}\n}`;
}

function handshakeWords({
  certificateFor,
  clientCertificate,
  version,
}: NonNullable<Request['tls']>): string[] {
  const words = ['--verbose'];
  // curl asks a certificate for the name that it sends
  if (certificateFor === undefined) words.push('--cacert', '"$work/trusted.crt"');
  else words.push('--insecure');
  if (version) {
    const number = version.replace('TLSv', '');
    words.push(`--tlsv${number}`, '--tls-max', number);
  }
  if (clientCertificate) {
    const file = clientFiles(clientCertificate);
    words.push('--cert', `"$work/${file}.crt"`, '--key', `"$work/${file}.key"`);
  }
  return words;
}

function headerWord(line: string): string {
  const [name = ''] = line.split(':');
  if (!isSecretHeader(name)) return shellWord(/:\s*$/.test(line) ? `${name};` : line);
  return `"${name}: ${fromEnvironment('HEADER', name)}"`;
}
