import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { Problem } from '../../cluster/problem.ts';
import { within } from '../deadline.ts';
import { sendOver } from './http2.ts';
import type { OneConnection } from './one-connection.ts';
import {
  type Address,
  type Answer,
  authority,
  type Handshake,
  handshakeOf,
  handshakeOptions,
  type Limits,
  type NoAnswer,
  type Request,
  type Tls,
} from './request.ts';

/**
 * One HTTP/2 connection that is held open: whatever host a request is for, it goes over this one, as browsers do where
 * the certificate is for both hosts. When it has ended no request gets an answer, until it is opened anew.
 * @see https://www.rfc-editor.org/rfc/rfc9113#section-9.1.1
 */
export class HeldConnection implements OneConnection {
  readonly #address: Address;
  #session: ClientHttp2Session;
  #agreed: Handshake;
  readonly what = 'a held HTTP/2 connection';
  readonly tls: Tls;

  private constructor(address: Address, tls: Tls, { session, agreed }: Opened) {
    this.#address = address;
    this.#session = session;
    this.#agreed = agreed;
    this.tls = tls;
  }

  /** Settles when the connection speaks HTTP/2. @throws Problem saying why it does not */
  static async open(address: Address, tls: Tls, limits: Limits): Promise<HeldConnection> {
    return new HeldConnection(address, tls, await open(address, tls, limits));
  }

  async send(request: Request, limits: Limits): Promise<Answer | NoAnswer> {
    const answer = await sendOver(this.#session, request, limits);
    return 'failed' in answer ? answer : { ...answer, tls: this.#agreed };
  }

  async reopen(limits: Limits): Promise<void> {
    if (!this.#session.closed && !this.#session.destroyed) return;
    try {
      const { session, agreed } = await open(this.#address, this.tls, limits);
      this.#session = session;
      this.#agreed = agreed;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  like(address: Address, limits: Limits): Promise<HeldConnection> {
    return HeldConnection.open(address, this.tls, limits);
  }

  close(): void {
    this.#session.destroy();
  }
}

interface Opened {
  session: ClientHttp2Session;
  agreed: Handshake;
}

async function open(address: Address, tls: Tls, limits: Limits): Promise<Opened> {
  const at = authority(address, 'https');
  const session = connect(`https://${at}`, await handshakeOptions(address, tls, limits.certificates));
  // what ends it later is told by the requests that get no answer
  session.on('error', () => {});
  try {
    await once(session, 'connect', { signal: within(limits.request, limits.signal) });
  } catch (error) {
    session.destroy();
    limits.signal?.throwIfAborted();
    throw new Problem({
      asked: `open an HTTP/2 connection to ${at} for ${tls.serverName || 'no name'}`,
      got: (error as Error).message,
      cause: 'the gateway refuses the handshake, or offers no HTTP/2 in it (ALPN h2)',
      next: `openssl s_client -connect ${at} -servername ${tls.serverName} -alpn h2`,
    });
  }
  return { session, agreed: handshakeOf(session.socket as TLSSocket, limits.certificates) };
}
