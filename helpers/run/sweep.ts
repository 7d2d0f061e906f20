import type { Kube } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import { RUN_LABEL } from '../labels.ts';
import { parseHolder, stateOf } from './holder.ts';
import { isRunId, runNamespace } from './id.ts';
import { type Lease, leaseKind, leaseName, leaseSeconds } from './lease.ts';
import { clusterScopedKinds, namespaceKind, remove } from './remove.ts';

/** What a dead run left behind. */
export interface Leftovers {
  id: string;
  objects: KubeObject[];
}

/**
 * Asks for the deletion of everything that dead runs left behind, and settles when the server has taken it on.
 * Nothing without the label of a run is looked at, and nothing of a run that lives, or may live, is touched.
 * @param now the API server's time
 * @returns what was swept, by run
 * @throws ApiError when the server refuses
 */
export async function sweep(kube: Kube, now: Date): Promise<Leftovers[]> {
  const kinds = [namespaceKind, ...clusterScopedKinds];
  const [leases, ...lists] = await Promise.all([
    kube.list<Lease>({ ...leaseKind, labels: RUN_LABEL }),
    ...kinds.map((kind) => kube.list({ ...kind, labels: RUN_LABEL })),
  ]);
  const dead = await deadRuns(
    lists.flatMap(({ items }) => items),
    leases.items,
    now,
  );
  await Promise.all(dead.flatMap(({ objects }) => objects.map((object) => remove(kube, object))));
  return dead;
}

/**
 * The objects of runs that are dead, by run. A run lives while its lease does: as long as its holder's process,
 * where that was on this host, else until the lease expires; and for the moment in which it makes its lease.
 */
export async function deadRuns(objects: KubeObject[], leases: Lease[], now: Date): Promise<Leftovers[]> {
  const byRun = Map.groupBy(objects, ({ metadata }) => metadata.labels?.[RUN_LABEL] ?? '');
  const dead: Leftovers[] = [];
  for (const [id, left] of byRun) {
    if (!isRunId(id)) continue;
    const lease = leases.find(
      ({ metadata }) => metadata.namespace === runNamespace(id) && metadata.name === leaseName,
    );
    const alive = lease ? await holds(lease, now) : isBeginning(id, left, now);
    if (!alive) dead.push({ id, objects: left });
  }
  return dead;
}

/**
 * The runs on a cluster that live.
 * @param now the API server's time
 * @returns their leases
 * @throws ApiError when the server refuses
 */
export async function livingRuns(kube: Kube, now: Date): Promise<Lease[]> {
  const { items } = await kube.list<Lease>({ ...leaseKind, labels: RUN_LABEL });
  const living = await Promise.all(items.map((lease) => holds(lease, now)));
  return items.filter((_, at) => living[at]);
}

async function holds({ metadata, spec }: Lease, now: Date): Promise<boolean> {
  const holder = parseHolder(spec.holderIdentity);
  const state = holder ? await stateOf(holder) : 'unknown';
  if (state !== 'unknown') return state === 'alive';
  // renewTime is by the holder's clock, which may be wrong; the server notes the time of each change as well
  const changes = (metadata.managedFields ?? []).map(({ time }) => Date.parse(time ?? ''));
  const renewed = Math.max(
    ...changes.filter(Number.isFinite),
    Date.parse(metadata.creationTimestamp ?? '') || 0,
  );
  return now.getTime() - renewed <= spec.leaseDurationSeconds * 1_000;
}

/** Whether the run has just made its namespace, so that its lease may be on the way. */
function isBeginning(id: string, objects: KubeObject[], now: Date): boolean {
  const own = objects.find(
    ({ kind, metadata }) => kind === 'Namespace' && metadata.name === runNamespace(id),
  );
  if (!own || own.metadata.deletionTimestamp !== undefined) return false;
  return now.getTime() - Date.parse(own.metadata.creationTimestamp ?? '') <= leaseSeconds * 1_000;
}
