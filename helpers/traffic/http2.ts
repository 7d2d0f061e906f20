import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect as connectSession,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2';
import { within } from '../deadline.ts';
import { letters } from './letters.ts';
import { joinedHeaders } from './lines.ts';
import {
  type Address,
  type Answer,
  authority,
  type Limits,
  type NoAnswer,
  type Request,
  sentHeaders,
} from './request.ts';

/**
 * Sends one request by HTTP/2 without TLS, over a connection of its own. Nobody is asked whether the other side speaks
 * it: one that does not gives no answer.
 * @see https://www.rfc-editor.org/rfc/rfc9113#section-3.3
 */
export async function sendH2c(
  address: Address,
  request: Request,
  limits: Limits,
): Promise<Answer | NoAnswer> {
  const session = connectSession(`http://${authority(address)}`);
  // what ends it later is told by the request that gets no answer
  session.on('error', () => {});
  try {
    await once(session, 'connect', { signal: within(limits.connect, limits.signal) });
    return await sendOver(session, request, limits);
  } catch (error) {
    limits.signal?.throwIfAborted();
    return noAnswer(error, 'connect');
  } finally {
    session.destroy();
  }
}

/** Sends one request over an HTTP/2 connection. @throws what the signal was aborted with */
export async function sendOver(
  session: ClientHttp2Session,
  asked: Request,
  { request, signal }: Limits,
): Promise<Answer | NoAnswer> {
  const { method = 'GET', host, path, body: sent } = asked;
  const either = within(request, signal);
  try {
    const stream = session.request(
      {
        ...sentHeaders(asked),
        ...(sent !== undefined && { 'content-length': sent }),
        ':method': method,
        ':path': path,
        ...(host !== undefined && { ':authority': host }),
      },
      { signal: either, endStream: sent === undefined },
    );
    // what ends it is told by the waits
    stream.on('error', () => {});
    if (sent !== undefined) stream.end(letters(sent));
    const [returned] = (await Promise.race([
      once(stream, 'response', { signal: either }),
      once(stream, 'close', { signal: either }),
    ])) as [IncomingHttpHeaders?];
    const body = returned && (await stream.setEncoding('utf8').toArray({ signal: either }));
    // a stream that the other side gives up, or that ends with its connection, ends without an error
    if (!body || stream.rstCode !== constants.NGHTTP2_NO_ERROR) return aborted(stream.rstCode);
    const { ':status': status = 0, ...others } = returned;
    return { status: Number(status), headers: joinedHeaders(others), body: body.join('') };
  } catch (error) {
    signal?.throwIfAborted();
    return noAnswer(error, 'request');
  }
}

const aborted = (code: number): NoAnswer => ({
  failed: 'ECONNRESET',
  phase: 'request',
  message: `the stream ended before the answer did, with code ${code}`,
});

function noAnswer(error: unknown, phase: NoAnswer['phase']): NoAnswer {
  const { code = 'no code', name, message } = error as NodeJS.ErrnoException;
  return { failed: name === 'AbortError' ? 'ETIMEDOUT' : code, phase, message };
}
