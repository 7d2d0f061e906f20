import { shellWord } from '../../cluster/preflight/connection.ts';
import type { Kube } from '../kube/client.ts';
import type { Road } from '../reach/road.ts';

import { headerLines } from './exchange.ts';
import { type Address, authority, type Request, sentHeaders } from './request.ts';

/** A command that asks an address; where that is a bridge, with one beside it that leads there without the run. */
export function byRoad(kube: Kube, { address, byHand }: Road, command: string): string {
  if (!byHand) return command;
  const { service, port } = byHand;
  const { namespace, name } = service.metadata;
  const forward = `-n ${namespace} port-forward service/${name} ${address.port}:${port}`;
  return `${kube.kubectl(forward)} >/dev/null & sleep 2; ${command}; kill $!`;
}

/** A curl command that sends the same request to the same address, to be pasted into a shell; it shows no certificate. */
export function curl(address: Address, request: Request): string {
  const { method = 'GET', host, path, body, tls, protocol } = request;
  const words = ['curl', '-sS', '--max-time', '5', '--path-as-is', '--globoff'];
  if (protocol === 'h2c') words.push('--http2-prior-knowledge');
  // -X HEAD would wait for a body that never comes
  if (method === 'HEAD') words.push('--head');
  else words.push('--include', ...(method === 'GET' ? [] : ['--request', method]));
  const at = authority(address, tls ? 'https' : 'http');
  const named = host ?? (tls?.serverName ? at : undefined);
  // curl drops a header without a value, unless it ends in a semicolon
  if (named !== undefined) words.push('--header', shellWord(named === '' ? 'Host;' : `Host: ${named}`));
  for (const line of headerLines(sentHeaders(request))) words.push('--header', shellWord(line));
  if (body !== undefined) {
    words.unshift('awk', shellWord(`BEGIN { while (n < ${body}) printf "%c", 97 + n++ % 26 }`), '|');
    // the run waits for no 100 before it sends a body
    words.push('--data-binary', '@-', '--header', 'Expect:');
  }
  if (!tls) return [...words, shellWord(`http://${at}${path}`)].join(' ');
  // the run's authority ends with it: the certificate is shown, not verified
  words.push('--verbose', '--insecure');
  if (tls.version) {
    const number = tls.version.replace('TLSv', '');
    words.push(`--tlsv${number}`, '--tls-max', number);
  }
  if (tls.serverName === '') return [...words, shellWord(`https://${at}${path}`)].join(' ');
  const bare = authority({ host: address.host, port: 80 });
  words.push('--connect-to', shellWord(`::${bare}:${address.port}`));
  const url = authority({ ...address, host: tls.serverName }, 'https');
  return [...words, shellWord(`https://${url}${path}`)].join(' ');
}
