import { ApiError } from './errors.ts';
import type { Kind } from './objects.ts';

/** What the API server says of a kind: `gateways`, in namespaces. */
interface Resource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** Settles with the JSON at a path of the API. @throws ApiError */
type Ask = (path: string, asked: string) => Promise<{ resources: Resource[] }>;

/**
 * Which resource a kind is. The API server is asked once for a group version, however many want to know at a time, and
 * again for a kind that was not there: its definition may have come since.
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
export class Discovery {
  readonly #ask: Ask;
  readonly #known = new Map<string, Resource[]>();
  readonly #asking = new Map<string, Promise<Resource[]>>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Settles with the kind's resource. @throws ApiError: 404 where the server does not have the kind */
  async resource({ apiVersion, kind }: Kind): Promise<Resource> {
    const of = (resources: Resource[] | undefined) => resources?.find((each) => each.kind === kind);
    const found = of(this.#known.get(apiVersion)) ?? of(await this.#list(apiVersion, `look up ${kind}`));
    if (found) return found;
    const message = `the API server has no kind ${kind} in ${apiVersion}`;
    throw new ApiError(`look up ${kind}`, 404, { reason: 'NotFound', message });
  }

  #list(apiVersion: string, asked: string): Promise<Resource[]> {
    const asking = this.#asking.get(apiVersion) ?? this.#fetch(apiVersion, asked);
    this.#asking.set(apiVersion, asking);
    return asking;
  }

  async #fetch(apiVersion: string, asked: string): Promise<Resource[]> {
    try {
      const { resources } = await this.#ask(groupPath(apiVersion), asked);
      // `gateways/status` is of the same kind
      const whole = resources.filter(({ name }) => !name.includes('/'));
      this.#known.set(apiVersion, whole);
      return whole;
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
      const message = `the API server has no group version ${apiVersion}`;
      throw new ApiError(asked, 404, { reason: 'NotFound', message }, error);
    } finally {
      this.#asking.delete(apiVersion);
    }
  }
}

/** `/api/v1`, `/apis/apps/v1` */
export const groupPath = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
