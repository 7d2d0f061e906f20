import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, type PeerCertificate } from 'node:tls';
import { within } from '../deadline.ts';
import type { Kind, KubeObject } from '../kube/objects.ts';
import type { Setup } from '../setup/setup.ts';
import { Pair } from '../tls/pair.ts';
import { type Address, handshakeOptions, type Tls } from '../traffic/request.ts';
import type { TrafficDoes } from './catalogue.ts';

const secretKind: Kind = { apiVersion: 'v1', kind: 'Secret' };

interface Secret extends KubeObject {
  data?: Record<string, string>;
}

const nameOf = ({ certificateFor, serverName }: Tls): string => certificateFor || serverName || '127.0.0.1';

/**
 * What a fault has a saboteur show to who asks over TLS.
 * @param shown what the gateway shows
 */
export async function pairInstead(
  { certificates }: Setup,
  tls: Tls,
  instead: TrafficDoes['certificate'],
  shown: () => Promise<Pair>,
): Promise<Pair> {
  switch (instead) {
    case 'untrusted':
      return certificates.server([nameOf(tls)], { by: 'untrusted' });
    case 'expired':
      return certificates.server([nameOf(tls)], { by: 'trusted', expired: true });
    case 'for another name':
      return certificates.server(['sabotaged.example'], { by: 'trusted' });
    case 'another':
      return certificates.server([nameOf(tls)], { by: 'trusted' });
    case 'alone':
      return (await shown()).alone;
    case undefined:
      return shown();
  }
}

/**
 * What the gateway shows, with the key from its Secret. To a client with which it makes no handshake, and where no
 * Secret of the fixtures has it: one of the trusted authority for that name.
 */
export async function shownBy(setup: Setup, address: Address, tls: Tls): Promise<Pair> {
  const shown = await certificateShown(setup, address, tls);
  const found = shown && (await pairOf(setup, shown.fingerprint256));
  return found ?? setup.certificates.server([nameOf(tls)], { by: 'trusted' });
}

/** The certificate that the gateway shows; undefined: it refuses the handshake, or nobody is there. */
async function certificateShown(
  { certificates, cluster }: Setup,
  { host, port }: Address,
  tls: Tls,
): Promise<PeerCertificate | undefined> {
  const options = await handshakeOptions({ host, port }, tls, certificates);
  const socket = connect({ ...options, host, port, rejectUnauthorized: false });
  socket.on('error', () => {});
  const passed = within(cluster.run.timeouts.request, undefined);
  try {
    await once(socket, 'secureConnect', { signal: passed });
    return socket.getPeerCertificate();
  } catch (error) {
    if (passed.aborted && !socket.connecting) throw error;
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
