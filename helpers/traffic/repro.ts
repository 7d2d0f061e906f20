import { type Address, authority, type Request } from './request.ts';

/** A curl command that sends the same request to the same address, to be pasted into a shell. */
export function curl(address: Address, { method = 'GET', host, path, headers = {}, tls }: Request): string {
  const words = ['curl', '-sS', '--max-time', '5', '--path-as-is', '--globoff'];
  // -X HEAD would wait for a body that never comes
  if (method === 'HEAD') words.push('--head');
  else words.push('--include', ...(method === 'GET' ? [] : ['--request', method]));
  // curl drops a header without a value, unless it ends in a semicolon
  if (host !== undefined) words.push('--header', quote(host === '' ? 'Host;' : `Host: ${host}`));
  for (const [name, value] of Object.entries(headers)) words.push('--header', quote(`${name}: ${value}`));
  if (!tls) return [...words, quote(`http://${authority(address)}${path}`)].join(' ');
  // the run's own authorities are not in its reports: the certificate is shown, not verified
  words.push('--insecure');
  if (tls.serverName === '')
    return [...words, quote(`https://${authority(address, 'https')}${path}`)].join(' ');
  const named = { ...address, host: tls.serverName };
  const bare = authority({ host: address.host, port: 80 });
  words.push('--connect-to', quote(`::${bare}:${address.port}`));
  return [...words, quote(`https://${authority(named, 'https')}${path}`)].join(' ');
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
