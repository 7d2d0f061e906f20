import { refOf } from '../../kube/objects.ts';
import { curl } from '../../traffic/repro.ts';
import { authority } from '../../traffic/request.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Facts, inScope, nameOf } from '../facts.ts';
import { hostsMeet } from '../hosts.ts';

interface Listening {
  object: Parameters<typeof refOf>[0];
  where: string;
  hosts: string[];
}

/** How gateways refuse a server name that they do not know; Envoy just closes the connection. */
const forWantOfAName = new Set([undefined, 'connection closed', 'unrecognized name']);

/**
 * A handshake that was cut off because its server name (SNI) is none of the listeners': a Host header comes too late
 * for them, and curl sends no SNI to a bare address.
 * @see https://github.com/istio/istio.io/issues/9276
 */
export function sni(facts: Facts): Diagnosis[] {
  const { row } = facts;
  if (!row?.request.tls || !('failed' in row.answer) || row.answer.phase !== 'tls') return [];
  if (!forWantOfAName.has(row.answer.refused)) return [];
  const { serverName } = row.request.tls;
  const listening = [...gateways(facts, row.port), ...istioGateways(facts, row.port)];
  const hosts = listening.flatMap((one) => one.hosts);
  const [first] = listening;
  if (!first || hosts.some((host) => host === '*' || (serverName !== '' && hostsMeet(host, serverName))))
    return [];
  const [host = ''] = hosts;
  const right = host.replace(/^\*/, 'www');
  return [
    {
      cause: serverName === '' ? 'sni-missing' : 'sni-mismatch',
      says: `the gateway cut the TLS handshake off: ${serverName === '' ? 'it names no server (SNI)' : `its server name (SNI) is ${serverName}`}, and port ${row.port} is served for ${hosts.join(', ')} only; a Host header is not enough`,
      evidence: [
        `asked: https://${authority(row.address, 'https')}${row.request.path}, SNI ${serverName || 'none'}, Host ${row.request.host ?? 'the address'}`,
        `came: ${row.answer.failed}: ${row.answer.message}`,
        ...listening.map(
          ({ object, where, hosts: own }) => `${where} of Gateway ${nameOf(object)}: ${own.join(', ')}`,
        ),
      ],
      next: curl(row.address, { ...row.request, host: right, tls: { serverName: right } }),
      about: refOf(first.object),
      shows: ['cut'],
    },
  ];
}

const isTls = (protocol: string): boolean => ['HTTPS', 'TLS'].includes(protocol.toUpperCase());

function gateways(facts: Facts, port: number): Listening[] {
  return facts.gateways
    .filter((one) => inScope(facts, one))
    .flatMap((object) =>
      object.spec.listeners
        .filter((one) => one.port === port && isTls(one.protocol))
        .map(({ name, hostname = '*' }) => ({ object, where: `listener ${name}`, hosts: [hostname] })),
    );
}

function istioGateways(facts: Facts, port: number): Listening[] {
  return facts.istioGateways
    .filter((one) => inScope(facts, one))
    .flatMap((object) =>
      (object.spec.servers ?? [])
        .filter((one) => one.port.number === port && isTls(one.port.protocol))
        .map((server) => ({
          object,
          where: `server ${server.port.name}`,
          hosts: server.hosts.map((host) => host.replace(/^[^/]*\//, '')),
        })),
    );
}
