import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Kube } from '../kube/client.ts';
import { forwardTo } from './forward.ts';

/** A pod did not answer over HTTP. */
export class PodSilent extends Error {
  override readonly name = 'PodSilent';
}

interface Bounds {
  /** Milliseconds for the answer, the way over the API server included. */
  timeout: number;
  /** Of the answer, in bytes. */
  most: number;
}

/**
 * Sends a GET to a port of a pod over the API server, also to one that listens on the pod's loopback only.
 * @returns settles with the body of an answer of 200
 * @throws PodSilent when nothing listens there, what does says otherwise or too much, or the time is over;
 * ForwardForbidden; ApiError
 */
export async function askPod(
  kube: Kube,
  pod: { namespace: string; name: string },
  { port, path }: { port: number; path: string },
  { timeout, most }: Bounds,
): Promise<string> {
  const signal = AbortSignal.timeout(timeout);
  const connection = await forwardTo(kube, pod, port, timeout);
  try {
    return await got(connection, path, signal, most);
  } catch (error) {
    const said = signal.aborted ? `no answer within ${timeout / 1_000} s` : (error as Error).message;
    throw new PodSilent(`GET ${path} at port ${port} of Pod ${pod.namespace}/${pod.name}: ${said}`);
  } finally {
    connection.destroy();
  }
}

async function got(connection: Duplex, path: string, signal: AbortSignal, most: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // what the node says of a port that nothing listens at
  connection.once('error', reject);
  const asked = request({
    createConnection: () => connection,
    path,
    headers: { host: 'localhost', connection: 'close' },
    signal,
  });
  asked.once('error', reject).once('response', async (answer) => {
    try {
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > most) throw new Error(`the answer is longer than ${most} bytes`);
        chunks.push(chunk);
      }
      if (answer.statusCode !== 200) throw new Error(`it answered ${answer.statusCode}`);
      resolve(Buffer.concat(chunks).toString());
    } catch (error) {
      reject(error as Error);
    }
  });
  asked.end();
  return promise;
}
