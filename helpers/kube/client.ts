import { setTimeout as pause } from 'node:timers/promises';
import { type Dispatcher, request as httpRequest } from 'undici';
import { kubectlOptions } from '../../cluster/preflight/connection.ts';
import type { Target } from '../../cluster/target.ts';
import { FIELD_MANAGER } from '../labels.ts';
import { defaultTimeouts } from '../timeouts.ts';
import { kubeConfigOf, type PooledKubeConfig } from './config.ts';
import { Discovery, groupPath } from './discovery.ts';
import { ApiError, type Status, unanswered } from './errors.ts';
import { HttpMethod, RequestContext } from './library.ts';
import { linesOf } from './lines.ts';
import { describe, type Kind, type KubeObject, type Ref, refOf, type Selection } from './objects.ts';
import { Outages } from './outages.ts';

type Query = Record<string, string | number | boolean | undefined>;
type Verb = keyof typeof HttpMethod;

interface Send {
  query?: Query;
  body?: unknown;
  contentType?: string;
  /** What messages call the request: `get Gateway shop/httpbin-gateway`. */
  asked?: string;
  /** `text`: the answer as it is, also where it could be read as JSON. */
  as?: 'text';
  /** Media type of the answer, where it is another than the object's own JSON. */
  accept?: string;
}

/** Milliseconds between two requests to a server that is away. */
const longestPause = 1_000;

/** Milliseconds after which a server that has started knows who may do what; until then it forbids everything. */
const settling = 10_000;

/** A connection to one cluster. All objects are plain JSON, as the API server sends them. */
export class Kube {
  readonly config: PooledKubeConfig;
  readonly #connection: Pick<Target, 'kubeconfig' | 'context'>;
  readonly #server: string;
  readonly #discovery = new Discovery((path, asked) => this.#send('GET', path, { asked }));
  readonly #timeout: number;
  readonly #patience: number;
  readonly #outages = new Outages();

  /**
   * @param target names kubeconfig and context; nothing is sent yet
   * @param timeout milliseconds one request may take
   * @param patience milliseconds for which a server that is away is asked again
   * @throws Problem when the context is unknown
   */
  constructor(
    target: Pick<Target, 'kubeconfig' | 'context'>,
    timeout: number = defaultTimeouts.api,
    patience = 0,
  ) {
    this.#connection = target;
    this.config = kubeConfigOf(target);
    this.#server = this.config.getCurrentCluster()?.server ?? '';
    this.#timeout = timeout;
    this.#patience = patience;
  }

  /** How many requests it has sent to the API server: watches, streams, and those that were sent again, too. */
  get calls(): number {
    return this.config.requests;
  }

  /**
   * Milliseconds that a wait may take longer which began then (as performance.now() has it): as long as requests found
   * the server away, and as long again, since all who work through it have to find it again too.
   */
  excuse(then: number): number {
    return 2 * Math.min(this.#outages.since(then), this.#patience);
  }

  /**
   * Sends any request and settles with the parsed JSON answer (or its text when it is not JSON). What can be sent
   * twice is, when its connection broke: a server that restarts, or rebalances its clients, ends those in flight. An
   * overloaded server is asked again when it says, within the time that one request may take, and one that is away,
   * or whose webhook is, for as long as there is patience.
   * @param path absolute, such as `/version`
   * @throws ApiError when the server refuses, or does not answer within the timeout
   */
  send<T>(method: Verb, path: string, options: Send = {}): Promise<T> {
    return this.#patiently(() => this.#send<T>(method, path, options), method !== 'POST');
  }

  /** @param repeatable whether it does no harm to be done twice */
  async #patiently<T>(ask: () => Promise<T>, repeatable: boolean): Promise<T> {
    const begun = performance.now();
    for (let sent = 1; ; sent += 1) {
      const asked = performance.now();
      try {
        const answer = await ask();
        this.#outages.back();
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const { broken, retryAfter, unsent, webhookAway } = error;
        const away = error.away || (error.code === 403 && this.#outages.since(asked - settling) > 0);
        if (away) this.#outages.away(asked);
        else this.#outages.back();
        const passed = performance.now() - begun;
        if (retryAfter !== undefined && passed + retryAfter <= this.#timeout) await pause(retryAfter);
        else if (((away && (repeatable || unsent)) || webhookAway) && passed < this.#patience)
          await pause(Math.min(50 * 2 ** sent, longestPause));
        else if (!broken || !repeatable || sent > 1) throw error;
      }
    }
  }

  async #send<T>(
    method: Verb,
    path: string,
    { query = {}, body, contentType, asked, as, accept = 'application/json, */*;q=0.8' }: Send,
  ): Promise<T> {
    const name = asked ?? `${method} ${path}`;
    try {
      const request = new RequestContext(`${this.#server}${path}`, HttpMethod[method]);
      request.setHeaderParam('Accept', accept);
      for (const [key, value] of Object.entries(query)) {
        if (value !== undefined) request.setQueryParam(key, String(value));
      }
      if (body !== undefined) {
        request.setHeaderParam('Content-Type', contentType ?? 'application/json');
        request.setBody(JSON.stringify(body));
      }
      request.setSignal(AbortSignal.timeout(this.#timeout));
      await this.config.applySecurityAuthentication(request);
      return (await this.#exchange(request, name, as === 'text')) as T;
    } catch (error) {
      throw error instanceof ApiError ? error : unanswered(name, error);
    }
  }

  async #exchange(request: RequestContext, asked: string, asText: boolean): Promise<unknown> {
    const { statusCode, headers, body } = await answerTo(request);
    const text = await body.text();
    if (statusCode >= 400) {
      const seconds = Number(headers['retry-after']);
      throw refusal(asked, statusCode, text, seconds > 0 ? seconds * 1_000 : undefined);
    }
    return asText ? text : parse(text);
  }

  /** Path of a selection's resource, for watches and subresources. @throws ApiError when the kind is unknown */
  async path({ apiVersion, kind, namespace, name }: Selection): Promise<string> {
    const found = await this.#patiently(() => this.#discovery.resource({ apiVersion, kind }), true);
    return [
      groupPath(apiVersion),
      ...(found.namespaced && namespace !== undefined ? ['namespaces', namespace] : []),
      found.name,
      ...(name === undefined ? [] : [name]),
    ].join('/');
  }

  /** Settles with whether the API server has the kind. @throws ApiError when it does not answer */
  async knows(kind: Kind): Promise<boolean> {
    try {
      await this.path(kind);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return false;
      throw error;
    }
  }

  /** Settles with the object, or undefined when there is none (or no such kind). @throws ApiError */
  async get<T extends KubeObject>(ref: Ref): Promise<T | undefined> {
    try {
      return await this.send<T>('GET', await this.path(ref), { asked: `get ${describe(ref)}` });
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  /** Settles with the objects and the list's resourceVersion, from which a watch can go on. @throws ApiError */
  async list<T extends KubeObject>(of: Selection): Promise<{ items: T[]; resourceVersion: string }> {
    const { name, ...selection } = of;
    const { items, metadata } = await this.send<{ items: T[]; metadata: { resourceVersion: string } }>(
      'GET',
      await this.path(selection),
      { query: { ...selectors({ name, ...selection }) }, asked: `list ${describe(of)}` },
    );
    // the items of a list come without their kind
    const typed = items.map((item) => ({ ...item, apiVersion: of.apiVersion, kind: of.kind }));
    return { items: typed, resourceVersion: metadata.resourceVersion };
  }

  /** Creates the object and settles with what the server made of it. @throws ApiError (409 when it is there) */
  async create<T extends KubeObject>(object: T): Promise<T> {
    const { name: _, ...kind } = refOf(object);
    return this.send<T>('POST', await this.path(kind), {
      query: { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' },
      body: object,
      asked: `create ${describe(refOf(object))}`,
    });
  }

  /** Replaces the object; the server refuses (409) when its resourceVersion is no longer the newest. */
  async replace<T extends KubeObject>(object: T): Promise<T> {
    return this.send<T>('PUT', await this.path(refOf(object)), {
      query: { fieldManager: FIELD_MANAGER },
      body: object,
      asked: `replace ${describe(refOf(object))}`,
    });
  }

  /**
   * Server-side apply with our field manager, taking over conflicting fields; a field the kind does not have
   * is refused, never dropped.
   * @returns the object as the server now has it
   */
  async apply<T extends KubeObject>(object: T): Promise<T> {
    return this.send<T>('PATCH', await this.path(refOf(object)), {
      query: { fieldManager: FIELD_MANAGER, force: true },
      body: object,
      contentType: 'application/apply-patch+yaml',
      asked: `apply ${describe(refOf(object))}`,
    });
  }

  /** Merge patch (RFC 7386); `null` removes a field. Settles with the patched object. */
  async patch<T extends KubeObject>(ref: Ref, patch: object): Promise<T> {
    return this.send<T>('PATCH', await this.path(ref), {
      query: { fieldManager: FIELD_MANAGER },
      body: patch,
      contentType: 'application/merge-patch+json',
      asked: `patch ${describe(ref)}`,
    });
  }

  /**
   * Appends to a list in an object's status, whatever others write there meanwhile. Settles with the patched object.
   * @param list JSON pointer (RFC 6901) of a list that is there: `/status/conditions`
   */
  async appendToStatus<T extends KubeObject>(ref: Ref, list: string, entry: object): Promise<T> {
    return this.send<T>('PATCH', `${await this.path(ref)}/status`, {
      query: { fieldManager: FIELD_MANAGER },
      body: [{ op: 'add', path: `${list}/-`, value: entry }],
      contentType: 'application/json-patch+json',
      asked: `append to ${list} of ${describe(ref)}`,
    });
  }

  /** Asks for the deletion, dependents in the background; settles when it was accepted. Absent is fine. */
  async delete(ref: Ref, { graceSeconds }: { graceSeconds?: number } = {}): Promise<void> {
    try {
      await this.send('DELETE', await this.path(ref), {
        query: { gracePeriodSeconds: graceSeconds, propagationPolicy: 'Background' },
        asked: `delete ${describe(ref)}`,
      });
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    }
  }

  /** Asks for the deletion of everything selected; settles when it was accepted. */
  async deleteAll(of: Selection, { graceSeconds }: { graceSeconds?: number } = {}): Promise<void> {
    const { name: _, ...kind } = of;
    await this.send('DELETE', await this.path(kind), {
      query: { ...selectors(of), gracePeriodSeconds: graceSeconds, propagationPolicy: 'Background' },
      asked: `delete ${describe(of)}`,
    });
  }

  /** The last lines of a container's log. @throws ApiError when the container has none (yet) */
  async logs(
    pod: { namespace: string; name: string },
    {
      container,
      tailLines,
      previous,
      sinceSeconds,
      limitBytes,
    }: {
      container?: string;
      tailLines?: number;
      previous?: boolean;
      sinceSeconds?: number;
      limitBytes?: number;
    } = {},
  ): Promise<string> {
    const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log`;
    return this.send<string>('GET', path, {
      query: { container, tailLines, previous, sinceSeconds, limitBytes },
      asked: `read the log of Pod ${pod.namespace}/${pod.name}`,
      as: 'text',
    });
  }

  /**
   * Follows a container's log from its beginning, line by line.
   * @param signal ends it; the iteration then simply ends, as it does when the container is gone
   * @throws ApiError when the log cannot be opened
   */
  async *followLog(
    { namespace, name, container }: { namespace: string; name: string; container: string },
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const asked = `follow the log of Pod ${namespace}/${name}`;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
    const request = new RequestContext(`${this.#server}${path}`, HttpMethod.GET);
    request.setQueryParam('container', container);
    request.setQueryParam('follow', 'true');
    request.setSignal(signal);
    let stream: AsyncIterable<Uint8Array>;
    try {
      await this.config.applySecurityAuthentication(request);
      const { statusCode, body } = await answerTo(request);
      if (statusCode >= 400) throw refusal(asked, statusCode, await body.text());
      stream = body;
    } catch (error) {
      throw error instanceof ApiError ? error : unanswered(asked, error);
    }
    yield* linesOf(stream);
  }

  /** The same cluster asked by hand, for messages: `get pods` → `kubectl --context NAME get pods`. */
  kubectl(words: string): string {
    return `kubectl ${kubectlOptions(this.#connection)} ${words}`;
  }

  /** Drops all connections. A process that has asked something ends sooner for it. */
  async close(): Promise<void> {
    await this.config.close();
  }
}

/** client-node's requests go by fetch, which takes twice the CPU for the same. */
function answerTo(request: RequestContext): Promise<Dispatcher.ResponseData> {
  const dispatcher = request.getDispatcher();
  return httpRequest(request.getUrl(), {
    method: request.getHttpMethod(),
    headers: request.getHeaders(),
    body: (request.getBody() as string | undefined) ?? null,
    signal: request.getSignal() ?? null,
    ...(dispatcher && { dispatcher }),
  });
}

/** The query that narrows a list or a watch down to a selection. */
export function selectors({ name, labels, fields }: Pick<Selection, 'name' | 'labels' | 'fields'>): Query {
  return {
    fieldSelector: name === undefined ? fields : `metadata.name=${name}`,
    labelSelector: labels,
  };
}

function refusal(asked: string, code: number, text: string, retryAfter?: number): ApiError {
  const status = parse(text);
  const said = typeof status === 'string' ? { message: status } : (status as Status);
  return new ApiError(asked, code, said, undefined, retryAfter);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
