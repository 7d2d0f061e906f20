import { EventEmitter, once } from 'node:events';
import type { Kube } from '../kube/client.ts';

/** A pod of a backend. */
export interface BackendPod {
  /** What cases call it: `httpbin`, `guest/httpbin`. */
  backend: string;
  namespace: string;
  name: string;
  container: string;
  /** Its answers say which pod they are of; its log has the paths of requests, and no other mark of them. */
  namesItself: boolean;
}

const product = 'ingress-conformance';

/** User-Agent that makes a request known again in a backend's log. */
export const signature = (token: string): string => `${product}/${token}`;

/** The same within the path, for a backend whose log has nothing else of a request: in its query. */
export const signedPath = (path: string, token: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}${signature(token)}`;

/** Whether a User-Agent is a signature, of whatever request. */
export const isSignature = (agent: string): boolean => agent.startsWith(`${product}/`);

const signed = new RegExp(`${product}/([0-9a-f-]{36})`, 'g');

/**
 * Reads the access logs of backends as they are written: the proof of which pod a request reached, or that it reached
 * none, that needs nothing of the answer and so holds for HEAD, for a 404 that the backend might have given itself,
 * and whatever the gateway does to headers.
 */
export class Witness {
  readonly #kube: Kube;
  readonly #seen = new Map<string, BackendPod[]>();
  readonly #news = new EventEmitter().setMaxListeners(0);
  readonly #closed = new AbortController();
  readonly #following = new Set<string>();
  /** Why a log cannot be read, in the API server's words; undefined while all is well. */
  trouble: string | undefined;

  constructor(kube: Kube) {
    this.#kube = kube;
  }

  /**
   * Follows the pods' logs from their beginning; those that are followed already are left alone, one that ended
   * meanwhile (API server restarted, connection lost) is read again.
   */
  follow(pods: BackendPod[]): void {
    for (const pod of pods) {
      const key = `${pod.namespace}/${pod.name}`;
      if (this.#following.has(key) || this.#closed.signal.aborted) continue;
      this.#following.add(key);
      this.#read(pod)
        .catch((error: Error) => {
          this.trouble = error.message;
        })
        .finally(() => this.#following.delete(key));
    }
  }

  /** Which pod saw the request with this token first, as far as the logs were read. */
  whoSaw(token: string): BackendPod | undefined {
    return this.sightings(token)[0];
  }

  /** All that saw it, once for each time that they did. */
  sightings(token: string): BackendPod[] {
    return this.#seen.get(token) ?? [];
  }

  /** Settles when all tokens were seen, or the time is over: then some were not. @param timeout milliseconds */
  async waitFor(tokens: string[], timeout: number): Promise<void> {
    await this.waitUntil(() => tokens.every((token) => this.#seen.has(token)), timeout);
  }

  /**
   * Settles with true when something is so, as the logs tell, and with false when the time is over. When a token was
   * seen, so was every request that the same pod had answered before that one.
   * @param isSo asked at first and after every line
   * @param timeout milliseconds
   */
  async waitUntil(isSo: () => boolean, timeout: number): Promise<boolean> {
    const deadline = AbortSignal.timeout(timeout);
    while (!isSo() && !deadline.aborted) {
      await once(this.#news, 'line', { signal: deadline }).catch(() => {});
    }
    return isSo();
  }

  /** Ends the reading. */
  close(): void {
    this.#closed.abort();
  }

  async #read(pod: BackendPod): Promise<void> {
    for await (const line of this.#kube.followLog(pod, this.#closed.signal)) {
      const tokens = [...line.matchAll(signed)].map(([, token = '']) => token);
      for (const token of new Set(tokens)) this.#seen.set(token, [...this.sightings(token), pod]);
      this.trouble = undefined;
      this.#news.emit('line');
    }
  }
}
