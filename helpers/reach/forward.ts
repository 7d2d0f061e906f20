import { type Duplex, duplexPair, Writable } from 'node:stream';
import { Problem } from '../../cluster/problem.ts';
import type { Kube } from '../kube/client.ts';
import { ApiError, unanswered } from '../kube/errors.ts';
import { PortForward } from '../kube/library.ts';

/** The node could not hand the connection to the pod. */
export class ForwardFailed extends Error {
  override readonly name = 'ForwardFailed';
}

/** The user may not forward connections to pods. */
export class ForwardForbidden extends Problem {}

/** What client-node gives: the WebSocket of its own library. */
interface Socket {
  addEventListener(type: 'close', listener: () => void): void;
  terminate(): void;
}

/**
 * Opens a connection to a port of a pod over the API server, as `kubectl port-forward` does: to the pod's loopback.
 * @param timeout milliseconds for the API server and the node to take it
 * @returns settles when the API server and the node have taken it; whether the pod listens at that port shows later.
 * The stream then fails with the node's own words. A side that ends its half ends both.
 * @throws ForwardForbidden when the user may not; ApiError when the API server refuses otherwise, or does not answer
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export async function forwardTo(
  kube: Kube,
  { namespace, name }: { namespace: string; name: string },
  port: number,
  timeout: number,
): Promise<Duplex> {
  const [near, far] = duplexPair();
  let complaint = '';
  const complaints = new Writable({
    write: (chunk, _encoding, done) => {
      complaint += String(chunk);
      done();
    },
  });
  const asked = `forward a connection to port ${port} of Pod ${namespace}/${name}`;
  const forwarding = new PortForward(kube.config).portForward(namespace, name, [port], far, complaints, far);
  const socket = await within(timeout, asked, forwarding as Promise<unknown> as Promise<Socket>).catch(
    (event: unknown) => {
      const refused = event instanceof ApiError ? event : refusal(asked, event);
      throw refused.code === 403 ? forbidden(kube, namespace, refused) : refused;
    },
  );
  socket.addEventListener('close', () => {
    if (complaint === '') far.end();
    else near.destroy(new ForwardFailed(complaint.trim()));
  });
  near.once('close', () => socket.terminate());
  return near;
}

/** The library has no time limit of its own. */
async function within(timeout: number, asked: string, opening: Promise<Socket>): Promise<Socket> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new ApiError(asked, 0, { reason: 'TimeoutError', message: `not within ${timeout / 1_000} s` }));
    opening.then((socket) => socket.terminate()).catch(() => {});
  }, timeout);
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The library throws an event, and says of the answer no more than its status. */
function refusal(asked: string, event: unknown): ApiError {
  const error = (event as { error?: unknown }).error ?? event;
  const { message = '' } = error as Error;
  const [, code] = /^Unexpected server response: (\d+)$/.exec(message) ?? [];
  return code === undefined ? unanswered(asked, error) : new ApiError(asked, Number(code), { message });
}

function forbidden(kube: Kube, namespace: string, { message }: ApiError): ForwardForbidden {
  return new ForwardForbidden({
    asked: 'reach a pod over the API server',
    got: message,
    cause:
      'this user may not create pods/portforward, or a proxy before the API server lets no WebSocket pass',
    next: `${kube.kubectl(`auth can-i create pods/portforward -n ${namespace}`)}; the ClusterRole ingress-conformance-forward in docs/rbac.yaml grants it`,
  });
}
