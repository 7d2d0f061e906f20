import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex, Transform, type TransformCallback } from 'node:stream';
import { bridge } from '../reach/bridge.ts';
import type { Address } from '../traffic/request.ts';
import type { TrafficDoes } from './catalogue.ts';

/** A saboteur below HTTP and TLS: it knows nothing of what it hands on. */
export interface ByteSaboteur {
  address: Address;
  /** Parts of answers that it has done something to. */
  readonly touched: number;
  close(): void;
}

/**
 * Stands between a client and an address; of what comes back the first part, which opens a conversation, is handed on as
 * it is.
 */
export async function standBelow(target: Address, how: TrafficDoes['bytes']): Promise<ByteSaboteur> {
  let touched = 0;
  const meddle = (socket: Socket): Transform => {
    let parts = 0;
    return new Transform({
      transform(part: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
        parts += 1;
        if (how === undefined || parts === 1) return done(undefined, part);
        touched += 1;
        if (how === 'changed') return done(undefined, withLastByteChanged(part));
        socket.destroy();
        this.destroy();
      },
    });
  };
  const stands = await bridge(async () => {
    const socket = connect(target.port, target.host);
    await once(socket, 'connect');
    return Duplex.from({ writable: socket, readable: socket.pipe(meddle(socket)) });
  });
  return {
    address: stands.address,
    get touched() {
      return touched;
    },
    close: () => stands.close(),
  };
}

function withLastByteChanged(part: Buffer): Buffer {
  const changed = Buffer.from(part);
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
  return changed;
}
