import { setTimeout as pause } from 'node:timers/promises';
import { deadlineIn } from '../deadline.ts';
import { type Kube, selectors } from './client.ts';
import { ApiError } from './errors.ts';
import { Watch } from './library.ts';
import { describe, type KubeObject, type Selection } from './objects.ts';

/** What a check says of the objects as they are now: the wait's result, or what is still missing. */
export type Check<R> = { met: R } | { missing: string };

export const met = <R>(result: R): Check<R> => ({ met: result });
export const missing = (what: string): Check<never> => ({ missing: what });

/** A wait's deadline passed. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
  /** What was waited for: `Gateway shop/httpbin-gateway to be Programmed within 60 s`. */
  readonly asked: string;
  /** What its check said last. */
  readonly got: string;

  constructor(what: string, timeout: number, last: string) {
    super(`waited for ${what} within ${timeout / 1_000} s; last: ${last}`);
    this.asked = `${what} within ${timeout / 1_000} s`;
    this.got = last;
  }
}

export interface Wait<T extends KubeObject, R> {
  /** What is waited for, for the message: `to be programmed`. */
  until: string;
  /** Milliseconds. */
  timeout: number;
  /** Ends the wait early: what it was aborted with is thrown. */
  signal?: AbortSignal | undefined;
  /** Called with all selected objects at first and after every change; what it throws ends the wait at once. */
  check: (objects: T[]) => Check<R> | Promise<Check<R>>;
}

const firstPause = 50;
const longestPause = 1_000;

/**
 * Waits until `check` is met, by list and watch, so that nothing is asked while nothing changes. An API server
 * that goes away for a while is waited for, and moves the deadline, as does a thread that has too much to do.
 * @returns what the check was met with
 * @throws WaitTimeout with the check's last words when the deadline passes; what `check` throws; what `signal` was
 * aborted with; ApiError at once when the server refuses the list (forbidden, no such kind)
 */
export async function waitFor<T extends KubeObject, R>(
  kube: Kube,
  of: Selection,
  { until, timeout, signal, check }: Wait<T, R>,
): Promise<R> {
  using passed = deadlineIn(timeout, (since) => kube.excuse(since));
  const deadline = signal ? AbortSignal.any([passed.signal, signal]) : passed.signal;
  let last = 'nothing was seen yet';
  let delay = firstPause;
  while (!deadline.aborted) {
    try {
      const { items, resourceVersion } = await kube.list<T>(of);
      delay = firstPause;
      const outcome = await follow(kube, of, { items, resourceVersion, check, deadline }, (said) => {
        last = said;
      });
      if (outcome) return outcome.met;
    } catch (error) {
      if (!(error instanceof ApiError && error.transient)) throw error;
      last = error.message;
    }
    // the watch ended or the server is away: list again, a little later each time
    await pause(delay, undefined, { signal: deadline }).catch(() => {});
    delay = Math.min(delay * 2, longestPause);
  }
  signal?.throwIfAborted();
  throw new WaitTimeout(`${describe(of)} ${until}`, timeout, last);
}

interface Follow<T, R> {
  items: T[];
  resourceVersion: string;
  check: Wait<T & KubeObject, R>['check'];
  deadline: AbortSignal;
}

/** One list and the watch that goes on from it: settles with the check's result, or undefined when the watch ended. */
async function follow<T extends KubeObject, R>(
  kube: Kube,
  of: Selection,
  { items, resourceVersion, check, deadline }: Follow<T, R>,
  missed: (said: string) => void,
): Promise<{ met: R } | undefined> {
  const objects = new Map(items.map((item) => [keyOf(item), item]));
  const look = async (): Promise<{ met: R } | undefined> => {
    const said = await check([...objects.values()]);
    if ('met' in said) return said;
    missed(said.missing);
    return undefined;
  };
  const now = await look();
  if (now || deadline.aborted) return now;

  const { promise, resolve, reject } = Promise.withResolvers<{ met: R } | undefined>();
  const end = (): void => resolve(undefined);
  deadline.addEventListener('abort', end, { once: true });
  let looking: Promise<unknown> = Promise.resolve();
  const { name, labels } = of;
  const path = await kube.path({ ...of, name: undefined });
  const query = { ...selectors({ name, labels }), resourceVersion, allowWatchBookmarks: true };
  const controller = await new Watch(kube.config).watch(
    path,
    query,
    (type: string, object: T) => {
      if (type === 'BOOKMARK') return;
      // a watch that is too old ends with ERROR (410 Gone): list anew
      if (type === 'ERROR') return end();
      if (type === 'DELETED') objects.delete(keyOf(object));
      else objects.set(keyOf(object), object);
      looking = looking
        .then(look)
        .then((outcome) => outcome && resolve(outcome))
        .catch(reject);
    },
    end,
  );
  try {
    return await promise;
  } finally {
    deadline.removeEventListener('abort', end);
    controller.abort();
  }
}

const keyOf = ({ metadata: { namespace, name } }: KubeObject): string => `${namespace ?? ''}/${name}`;

/** Waits until nothing is selected any more. @throws WaitTimeout naming what is left, and what holds it */
export async function waitGone(
  kube: Kube,
  of: Selection,
  timeout: number,
  signal?: AbortSignal,
): Promise<void> {
  await waitFor(kube, of, { until: 'to be gone', timeout, signal, check: areGone });
}

/** Met when there is no such object; else what is left, and what holds it. */
export const areGone = (left: KubeObject[]): Check<undefined> =>
  left.length === 0 ? met(undefined) : missing(`still there: ${left.map(howItStays).join(', ')}`);

function howItStays({ metadata, kind }: KubeObject): string {
  const finalizers = (metadata as { finalizers?: string[] }).finalizers ?? [];
  const deleting = metadata.deletionTimestamp === undefined ? 'not being deleted' : 'being deleted';
  const held = finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`;
  return `${kind} ${metadata.name} (${deleting}${held})`;
}
