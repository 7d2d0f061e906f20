import type { RequestContext } from '@kubernetes/client-node';
import { loadKubeconfig } from '../../cluster/preflight/kubeconfig.ts';
import type { Target } from '../../cluster/target.ts';
import { KubeConfig } from './library.ts';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** client-node makes a new connection pool for every request; this one keeps the first, and with it its TLS sessions. */
export class PooledKubeConfig extends KubeConfig {
  #dispatcher: Dispatcher | undefined;
  #requests = 0;

  /** How many requests were made with it, watches, log and port streams and what was sent again included. */
  get requests(): number {
    return this.#requests;
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    this.#requests += 1;
    await super.applySecurityAuthentication(context);
    this.#dispatcher ??= context.getDispatcher();
    if (this.#dispatcher) context.setDispatcher(this.#dispatcher);
  }

  override async applyToHTTPSOptions(
    options: Parameters<KubeConfig['applyToHTTPSOptions']>[0],
  ): Promise<void> {
    this.#requests += 1;
    await super.applyToHTTPSOptions(options);
  }

  /** Drops all connections; settles when they are closed. */
  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
    this.#dispatcher = undefined;
  }
}

/**
 * The target's kubeconfig, with its context selected.
 * @throws Problem when a file or the context is missing or broken
 */
export function kubeConfigOf({
  kubeconfig,
  context,
}: Pick<Target, 'kubeconfig' | 'context'>): PooledKubeConfig {
  return loadKubeconfig({ kubeconfig, context }, new PooledKubeConfig());
}
