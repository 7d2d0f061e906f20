import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../cache.ts';
import type { Connection } from '../preflight/connection.ts';

/** Seconds that the analysis of a namespace may take. */
const within = 15;

const known = new Map<string, Promise<string | undefined>>();

/**
 * What `istioctl analyze` says of namespaces, once for each: evidence beside other evidence, since it can be wrong.
 * @returns its words; undefined where no istioctl is at hand, on the PATH or built for the managed cluster
 * @see https://github.com/istio/istio/issues/44430
 */
export async function analyze(connection: Connection, namespaces: string[]): Promise<string | undefined> {
  const said: (string | undefined)[] = [];
  // one after another: each reads the whole cluster
  for (const namespace of namespaces) {
    const key = `${connection.kubeconfig} ${connection.context} ${namespace}`;
    const found = known.get(key) ?? analyzed(connection, namespace);
    known.set(key, found);
    said.push(await found);
  }
  return said.every((one) => one === undefined) ? undefined : said.join('');
}

async function analyzed({ kubeconfig, context }: Connection, namespace: string): Promise<string | undefined> {
  const { $, which } = await import('zx');
  const built = join(cacheDir, 'bin/tools/istioctl');
  const program = (await which('istioctl', { nothrow: true })) ?? (existsSync(built) ? built : undefined);
  if (!program) return undefined;
  const run = $({
    quiet: true,
    verbose: false,
    nothrow: true,
    env: { ...process.env, KUBECONFIG: kubeconfig },
  });
  // it ends with an error when it has found something
  const { stdout, stderr } =
    await run`${program} analyze --context ${context} -n ${namespace} --color=false`.timeout(within * 1_000);
  return `$ istioctl analyze -n ${namespace}\n${stdout}${stderr}\n`;
}
