import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Address } from '../traffic/request.ts';

/** A port of this machine's loopback whose connections end somewhere else. */
export interface Bridge {
  address: Address;
  /** Ends its connections, and gives the port back. */
  close(): void;
}

/**
 * Makes a port on 127.0.0.1 of which every connection is joined to one that `open` gives, byte by byte, ends and resets
 * included. A connection whose other end does not open is reset: a client sees that it opened, and gets nothing.
 */
export async function bridge(open: () => Promise<Duplex>): Promise<Bridge> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    void join(socket, open);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // a process that has nothing else to do may end
  server.unref();
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function join(socket: Socket, open: () => Promise<Duplex>): Promise<void> {
  // a client that resets or leaves is no error of ours
  socket.on('error', () => {});
  let far: Duplex;
  try {
    far = await open();
  } catch {
    socket.resetAndDestroy();
    return;
  }
  far.on('error', () => socket.resetAndDestroy());
  far.once('close', () => socket.destroySoon());
  socket.once('close', () => far.destroy());
  if (socket.destroyed) far.destroy();
  else socket.pipe(far).pipe(socket);
}
