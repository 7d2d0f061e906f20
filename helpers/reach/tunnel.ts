import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Address } from '../traffic/request.ts';
import type { Connected } from './connect.ts';

/**
 * Bytes that the proxy may send before they are read, of each connection and of all: when the other end closes, Envoy
 * drops what it could not send yet.
 */
const ahead = 16 * 1024 * 1024;

/** A connection to the proxy. */
interface Entered {
  session: ClientHttp2Session;
  /** Ends it, whatever it waits for. */
  leave: () => void;
}

/** A connection that did not open. */
export class NotOpened extends Error {
  override readonly name = 'NotOpened';
  readonly came: Exclude<Connected, 'open'>;

  constructor(to: string, came: NotOpened['came'], said: string) {
    super(`${to}: ${came}${said === '' ? '' : ` (${said})`}`);
    this.came = came;
  }
}

/**
 * Connections that a proxy opens (HTTP CONNECT), all over one connection to it (HTTP/2), which is made when it is
 * needed, and made anew when it broke or leads nowhere.
 * @see https://www.rfc-editor.org/rfc/rfc9113#name-the-connect-method
 */
export class Tunnel {
  readonly #enter: () => Promise<Duplex>;
  #entered: Promise<Entered> | undefined;

  /** @param enter opens a connection to the proxy */
  constructor(enter: () => Promise<Duplex>) {
    this.#enter = enter;
  }

  /**
   * Opens a connection from where the proxy is. Settles when it is open there.
   * @param timeout milliseconds for the proxy to open it
   * @throws NotOpened, also when the way to the proxy broke meanwhile; what `enter` throws
   */
  async open(to: Address, timeout: number): Promise<Duplex> {
    const at = `${isIPv6(to.host) ? `[${to.host}]` : to.host}:${to.port}`;
    this.#entered ??= this.#enterAnew();
    const entered = await this.#entered;
    const { session } = entered;
    const stream = session.request({ ':method': 'CONNECT', ':authority': at });
    // what ends it is said below, or to who holds it; it may be said at any moment before that
    stream.on('error', () => {});
    try {
      const [{ ':status': status }] = await once(stream, 'response', {
        signal: AbortSignal.timeout(timeout),
      });
      if (status === constants.HTTP_STATUS_OK) return stream;
    } catch (error) {
      stream.close(constants.NGHTTP2_CANCEL);
      const late = (error as Error).name === 'AbortError';
      if (late) leaveIfSilent(entered, timeout);
      throw new NotOpened(at, late ? 'timeout' : 'unreachable', late ? '' : (error as Error).message);
    }
    const said = await wordsOf(stream);
    throw new NotOpened(at, meaningOf(said), said);
  }

  /** Ends all its connections. */
  async close(): Promise<void> {
    (await this.#entered?.catch(() => undefined))?.leave();
  }

  #enterAnew(): Promise<Entered> {
    const forget = (): void => {
      if (this.#entered === entering) this.#entered = undefined;
    };
    const entering = this.#enter()
      .then((way) => {
        const session = connect('http://relay', {
          createConnection: () => way,
          settings: { initialWindowSize: ahead },
        });
        session.once('connect', () => session.setLocalWindowSize(ahead));
        // its streams tell the error to those whom it concerns
        session.on('error', forget).once('close', forget).once('goaway', forget);
        const leave = (): void => {
          // it does not close while it waits for what was written
          forget();
          session.destroy();
          way.destroy();
        };
        return { session, leave };
      })
      .catch((error: unknown) => {
        forget();
        throw error;
      });
    return entering;
  }
}

/** Who does not open a connection in time may wait for its other end, or may not be there any more. */
function leaveIfSilent({ session, leave }: Entered, timeout: number): void {
  if (session.destroyed) return;
  const silent = setTimeout(leave, timeout);
  session.ping(() => clearTimeout(silent));
}

/** The body of a refusal; the proxy resets the stream behind it. */
async function wordsOf(stream: ClientHttp2Stream): Promise<string> {
  let said = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  if (!stream.closed) await once(stream, 'close').catch(() => {});
  return said.trim();
}

/** Envoy's words for why a connection did not open: its response code details. */
const meanings: [pattern: RegExp, came: NotOpened['came']][] = [
  [/Connection_refused/, 'refused'],
  [/dns_resolution_failure/, 'unknown-host'],
  [/connection_timeout|timed_out/i, 'timeout'],
];

const meaningOf = (said: string): NotOpened['came'] =>
  meanings.find(([pattern]) => pattern.test(said))?.[1] ?? 'unreachable';
