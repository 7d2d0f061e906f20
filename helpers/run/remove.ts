import { gatewayKind } from '../gateway/types.ts';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { describe, type Kind, type KubeObject, refOf } from '../kube/objects.ts';
import { met, missing, waitFor } from '../kube/wait.ts';
import { ofRun } from '../labels.ts';

export const namespaceKind: Kind = { apiVersion: 'v1', kind: 'Namespace' };

/** Kinds beside namespaces of which a run may make objects that live in no namespace. */
export const clusterScopedKinds: Kind[] = [
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass' },
];

/**
 * Asks for the deletion of this very object (by uid: of no later one with its name), and ends a namespace's pods
 * without their grace period. Settles when the server has taken it on; an object that is gone is fine.
 */
export async function remove(kube: Kube, { apiVersion, kind, metadata }: KubeObject): Promise<void> {
  const ref = refOf({ apiVersion, kind, metadata });
  if (metadata.deletionTimestamp === undefined) {
    const body = { preconditions: { uid: metadata.uid }, propagationPolicy: 'Background' };
    const deletion = kube
      .path(ref)
      .then((path) => kube.send('DELETE', path, { body, asked: `delete ${describe(ref)}` }));
    await Promise.all([
      deletion.catch(unlessGone),
      // else their controller makes anew what the namespace loses before them
      kind === namespaceKind.kind &&
        kube.deleteAll({ ...gatewayKind, namespace: metadata.name }).catch(unlessGone),
    ]);
  }
  if (kind === namespaceKind.kind) {
    // in a namespace that is being deleted no controller can make new ones
    const pods = { apiVersion: 'v1', kind: 'Pod', namespace: metadata.name };
    await kube.deleteAll(pods, { graceSeconds: 0 }).catch(unlessGone);
  }
}

/** 404: it is gone; 409: it is gone, and another one has its name. */
function unlessGone(error: unknown): void {
  if (!(error instanceof ApiError) || (error.code !== 404 && error.code !== 409)) throw error;
}

const kindsOfRuns = [namespaceKind, ...clusterScopedKinds];

/** Asks for the deletion of everything that the run made. Settles when the server has taken it on. @throws ApiError */
export async function askToRemoveRun(kube: Kube, id: string): Promise<void> {
  const lists = await Promise.all(kindsOfRuns.map((kind) => kube.list({ ...kind, labels: ofRun(id) })));
  await Promise.all(lists.flatMap(({ items }) => items.map((object) => remove(kube, object))));
}

/**
 * Deletes everything that the run made, and settles when it is gone. What turns up meanwhile (a request that was
 * still on its way) is deleted too.
 * @param timeout milliseconds
 * @throws WaitTimeout naming what is left; ApiError when the server refuses
 */
export async function removeRun(kube: Kube, id: string, timeout: number): Promise<void> {
  await Promise.all(
    kindsOfRuns.map((kind) => {
      const seen = new Map<string, KubeObject>();
      return waitFor(
        kube,
        { ...kind, labels: ofRun(id) },
        {
          until: `of run ${id} to be gone`,
          timeout,
          check: async (objects) => {
            const changed = objects.filter((object) => isNews(seen, object));
            await Promise.all(changed.map((object) => remove(kube, object)));
            return objects.length === 0
              ? met(undefined)
              : missing(`still there: ${objects.map(({ metadata: { name } }) => name).join(', ')}`);
          },
        },
      );
    }),
  );
}

/** Whether the object is new, or has changed since it was asked about last. */
function isNews(seen: Map<string, KubeObject>, object: KubeObject): boolean {
  const { name, resourceVersion } = object.metadata;
  if (seen.get(name)?.metadata.resourceVersion === resourceVersion) return false;
  seen.set(name, object);
  return true;
}
