import { fileURLToPath } from 'node:url';
import { Problem } from '../../cluster/problem.ts';
import { applyAll } from '../kube/apply.ts';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { type Manifest, readManifests } from '../kube/manifests.ts';
import { RUN_LABEL } from '../labels.ts';
import { deploymentReady } from '../pods/ready.ts';
import { isReady, type Pod, podKind } from '../pods/types.ts';
import { runNamespace } from '../run/id.ts';
import { ForwardForbidden, forwardTo } from './forward.ts';
import { Tunnel } from './tunnel.ts';

/** The relay cannot stand in this cluster. */
export class RelayFailed extends Problem {}

/** The relay stands, and no connection to it opens. */
class RelayShut extends Problem {}

/** As fixtures/reach/relay.yaml has them. */
const name = 'relay';
export const proxyPort = 3_128;

/**
 * Applies the relay into the run's namespace, where all of the run share it; a relay that stands is left alone.
 * Settles when it is ready.
 * @param timeout milliseconds for its pod to be ready
 * @throws RelayFailed with the pod's own reason, or the API server's; ApiError
 */
export async function standRelay(
  kube: Kube,
  run: string,
  { timeout, signal }: { timeout: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const namespace = runNamespace(run);
  try {
    await applyAll(kube, await ofRunsOwn(name, run));
    await deploymentReady(kube, { name, namespace }, { timeout, signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApiError) throw error;
    const { message, reason } = error as Error & { reason?: string };
    const how = reason === undefined ? 'was refused, or is late' : `cannot start: ${reason}`;
    throw new RelayFailed({
      asked: 'ask from inside the cluster',
      got: message,
      cause: `the relay, a pod of Envoy that is to ask there, ${how}`,
      next: `${kube.kubectl(`-n ${namespace} describe pods -l app=${name}`)}; or npm test -- --reach port-forward, which needs no pod`,
    });
  }
}

/**
 * Connections that the run's relay opens, inside the cluster.
 * @param timeout milliseconds to get to the relay
 */
export const relayTunnel = (kube: Kube, run: string, timeout: number): Tunnel =>
  new Tunnel(async () => {
    const namespace = runNamespace(run);
    const { items } = await kube.list<Pod>({ ...podKind, namespace, labels: `app=${name}` });
    const ready = items.find(isReady);
    if (!ready) throw new Error(`no pod of Deployment ${namespace}/${name} is ready`);
    return forwardTo(kube, { namespace, name: ready.metadata.name }, proxyPort, timeout);
  });

/**
 * Settles when the run's relay has opened a connection.
 * @param timeout milliseconds
 * @throws RelayShut, ForwardForbidden
 */
export async function checkRelay(kube: Kube, run: string, timeout: number): Promise<void> {
  const tunnel = relayTunnel(kube, run, timeout);
  try {
    // to itself: that it opens one is all there is to know
    (await tunnel.open({ host: '127.0.0.1', port: proxyPort }, timeout)).destroy();
  } catch (error) {
    if (error instanceof ForwardForbidden) throw error;
    throw new RelayShut({
      asked: 'ask from inside the cluster',
      got: (error as Error).message,
      cause: 'the relay stands, and the API server forwards no connection to it',
      next: kube.kubectl(`-n ${runNamespace(run)} port-forward deployment/${name} :${proxyPort}`),
    });
  } finally {
    await tunnel.close();
  }
}

/** A file of fixtures/reach/, made to be applied into the run's own namespace. */
export async function ofRunsOwn(stem: string, run: string): Promise<Manifest[]> {
  const manifests = await readManifests(
    fileURLToPath(new URL(`../../fixtures/reach/${stem}.yaml`, import.meta.url)),
  );
  return manifests.map((manifest) => {
    const { metadata, ...fields } = manifest.object;
    const labels = { ...metadata.labels, [RUN_LABEL]: run };
    const object = { ...fields, metadata: { ...metadata, namespace: runNamespace(run), labels } };
    return { ...manifest, object };
  }) as Manifest[];
}
