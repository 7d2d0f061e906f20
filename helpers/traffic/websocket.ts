import { once } from 'node:events';
import { WebSocket } from 'ws';
import { within } from '../deadline.ts';
import { type Address, authority, type Limits, type Request } from './request.ts';

/** A text message, or a binary one. */
export type Message = string | Uint8Array;

/**
 * What came of a WebSocket: the bytes of a reply to each message, or why there was none. Whether a reply was text is not
 * told, nor how it was closed: the echo backend sends everything as text, and closes without a word.
 */
export type Conversation = { replies: Buffer[] } | { failed: string };

/**
 * Opens a WebSocket at an address, sends some messages, each after the reply to the one before it.
 * @see https://www.rfc-editor.org/rfc/rfc6455
 */
export async function converse(
  address: Address,
  { host, path, headers = {} }: Request,
  messages: Message[],
  { request, signal }: Limits,
): Promise<Conversation> {
  const options = {
    headers: { ...headers, host: host ?? authority(address) },
    followRedirects: false,
    skipUTF8Validation: true,
  };
  const socket = new WebSocket(`ws://${authority(address)}${path}`, options);
  const deadline = { signal: within(request, signal) };
  // what fails is told by the wait that it fails
  socket.on('error', () => {});
  try {
    await once(socket, 'open', deadline);
    const replies: Buffer[] = [];
    for (const message of messages) {
      const reply = once(socket, 'message', deadline);
      socket.send(message);
      const [data] = (await reply) as [Buffer];
      replies.push(data);
    }
    return { replies };
  } catch (error) {
    signal?.throwIfAborted();
    const { name, message } = error as Error;
    return { failed: name === 'AbortError' ? `nothing came within ${request / 1_000} s` : message };
  } finally {
    socket.terminate();
  }
}
