import type { Kube } from './client.ts';

/** A suite file, as vitest's worker has it. */
interface File {
  meta: { apiCalls?: number };
}

const counted = new WeakSet<File>();

/**
 * Has a suite file's meta tell how many requests it has sent to the API server since its first case began. A worker
 * takes one file after the other, so that what it sends is of the present one; further calls change nothing.
 */
export function countCalls(file: File, kube: Pick<Kube, 'calls'>): void {
  if (counted.has(file)) return;
  counted.add(file);
  const before = kube.calls;
  // read when vitest sends the meta on, the last time after the file's fixtures are taken away
  Object.defineProperty(file.meta, 'apiCalls', { enumerable: true, get: () => kube.calls - before });
}
