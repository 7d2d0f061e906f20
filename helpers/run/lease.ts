import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import type { KubeObject, ObjectMeta } from '../kube/objects.ts';
import { RUN_LABEL } from '../labels.ts';
import { holderIdentity, thisHolder } from './holder.ts';
import { runNamespace } from './id.ts';

/** coordination.k8s.io/v1 Lease */
export interface Lease extends KubeObject {
  metadata: ObjectMeta & { managedFields?: { time?: string }[] };
  spec: { holderIdentity: string; leaseDurationSeconds: number; acquireTime?: string; renewTime: string };
}

export const leaseKind = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
export const leaseName = 'run';

/** Seconds without a renewal after which a run on another host counts as dead. */
export const leaseSeconds = 60;
const renewEvery = 15_000;

/** A run that other runs can see to be alive. */
export interface HeldLease {
  /** The API server's time when the run began; leases are judged by this clock alone. */
  serverTime: Date;
  /** Ends the renewals; the lease goes with its namespace. */
  release(): void;
}

/**
 * Makes the run's namespace and, in it, the lease that this process renews until it is released or ends.
 * @throws ApiError when the server refuses
 */
export async function holdLease(kube: Kube, id: string): Promise<HeldLease> {
  const namespace = runNamespace(id);
  const labels = { [RUN_LABEL]: id };
  const made = await kube.create<KubeObject>({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels },
  });
  const now = microTime();
  const lease: Lease = {
    ...leaseKind,
    metadata: { name: leaseName, namespace, labels },
    spec: {
      holderIdentity: holderIdentity(await thisHolder()),
      leaseDurationSeconds: leaseSeconds,
      acquireTime: now,
      renewTime: now,
    },
  };
  await kube.create(lease);

  const timer = setInterval(() => {
    const renewed = { spec: { renewTime: microTime() } };
    kube.patch({ ...leaseKind, name: leaseName, namespace }, renewed).catch((error: unknown) => {
      // a server that is away is asked again; a lease that somebody deleted cannot be had back
      if (error instanceof ApiError && error.transient) return;
      clearInterval(timer);
      console.error(`The run's lease cannot be renewed any more: ${(error as Error).message}`);
    });
  }, renewEvery).unref();
  return {
    serverTime: new Date(made.metadata.creationTimestamp as string),
    release: () => clearInterval(timer),
  };
}

/** metav1.MicroTime */
const microTime = (): string => new Date().toISOString().replace('Z', '000Z');
