import { delimiter } from 'node:path';
import { KubeConfig, type RequestContext } from '@kubernetes/client-node';
import { Problem } from '../../cluster/problem.ts';
import type { Target } from '../../cluster/target.ts';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** client-node makes a new connection pool for every request; this one keeps the first, and with it its TLS sessions. */
class PooledKubeConfig extends KubeConfig {
  #dispatcher: Dispatcher | undefined;

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    this.#dispatcher ??= context.getDispatcher();
    if (this.#dispatcher) context.setDispatcher(this.#dispatcher);
  }

  /** Drops all connections; settles when they are closed. */
  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
    this.#dispatcher = undefined;
  }
}

export type { PooledKubeConfig };

/**
 * The target's kubeconfig (one path, or several as in KUBECONFIG), with its context selected.
 * @throws Problem when no file has the context; whatever reading or parsing a file throws
 */
export function kubeConfigOf({
  kubeconfig,
  context,
}: Pick<Target, 'kubeconfig' | 'context'>): PooledKubeConfig {
  const config = new PooledKubeConfig();
  const [first = '', ...others] = kubeconfig.split(delimiter).filter((path) => path !== '');
  config.loadFromFile(first);
  for (const path of others) {
    const other = new KubeConfig();
    other.loadFromFile(path);
    config.mergeConfig(other);
  }
  if (!config.getContextObject(context)) {
    const known = config.getContexts().map(({ name }) => name);
    throw new Problem({
      asked: `use the context "${context}" of ${kubeconfig}`,
      got: `there is no such context; known: ${known.join(', ') || 'none'}`,
      cause: 'the name is misspelt, or the kubeconfig is another one than kubectl uses',
      next: 'kubectl config get-contexts',
    });
  }
  config.setCurrentContext(context);
  return config;
}
