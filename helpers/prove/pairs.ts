import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import type { Kind, KubeObject } from '../kube/objects.ts';
import type { Setup } from '../setup/setup.ts';
import { Pair } from '../tls/pair.ts';
import { type Address, handshakeOptions, type Tls } from '../traffic/request.ts';
import type { TrafficDoes } from './catalogue.ts';

const secretKind: Kind = { apiVersion: 'v1', kind: 'Secret' };

interface Secret extends KubeObject {
  data?: Record<string, string>;
}

/**
 * What a saboteur shows to who asks over TLS: what the gateway itself shows, whose key is in its Secret, or what the
 * fault wants instead.
 * @throws Error when the gateway shows what no Secret of the fixtures has
 */
export async function pairFor(
  setup: Setup,
  target: Address,
  tls: Tls,
  instead: TrafficDoes['certificate'],
): Promise<Pair> {
  const { certificates } = setup;
  const name = tls.certificateFor || tls.serverName || '127.0.0.1';
  switch (instead) {
    case 'untrusted':
      return certificates.server([name], { by: 'untrusted' });
    case 'expired':
      return certificates.server([name], { by: 'trusted', expired: true });
    case 'for another name':
      return certificates.server(['sabotaged.example'], { by: 'trusted' });
    case 'another':
      return certificates.server([name], { by: 'trusted' });
    case undefined:
      return (await shown(setup, target, tls)) ?? certificates.server([name], { by: 'trusted' });
  }
}

/** undefined when the gateway makes no handshake with this client. */
async function shown(setup: Setup, { host, port }: Address, tls: Tls): Promise<Pair | undefined> {
  const options = await handshakeOptions({ host, port }, tls, setup.certificates);
  const socket = connect({ ...options, host, port, rejectUnauthorized: false });
  socket.on('error', () => {});
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(5_000) });
    const { fingerprint256 } = socket.getPeerCertificate();
    return await pairOf(setup, fingerprint256);
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

async function pairOf({ cluster, namespaces }: Setup, fingerprint: string): Promise<Pair | undefined> {
  const lists = await Promise.all(
    namespaces.map((namespace) => cluster.kube.list<Secret>({ ...secretKind, namespace })),
  );
  return lists
    .flatMap(({ items }) => items)
    .flatMap(({ data = {} }) => {
      const [certificate, key] = [data['tls.crt'], data['tls.key']].map((text = '') =>
        Buffer.from(text, 'base64').toString(),
      );
      return certificate && key ? [new Pair(certificate, key)] : [];
    })
    .find((pair) => new X509Certificate(pair.certificate).fingerprint256 === fingerprint);
}
