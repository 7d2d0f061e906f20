import { connect as open } from 'node:net';
import type { Address } from '../traffic/request.ts';

/** What a TCP connect came to. `unknown-host`: the name does not resolve from here. */
export type Connected = 'open' | 'refused' | 'timeout' | 'unreachable' | 'unknown-host';

const codes: Record<string, Connected> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  ETIMEDOUT: 'timeout',
};

/** Opens a TCP connection and closes it. Settles within `timeout` milliseconds and does not throw. */
export async function connect({ host, port }: Address, timeout: number): Promise<Connected> {
  const { promise, resolve } = Promise.withResolvers<Connected>();
  const socket = open({ host, port });
  socket.setTimeout(timeout, () => resolve('timeout'));
  socket.once('connect', () => resolve('open'));
  socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(codes[code ?? ''] ?? 'unreachable'));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
