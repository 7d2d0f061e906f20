import { Kube } from '../helpers/kube/client.ts';
import type { KubeObject } from '../helpers/kube/objects.ts';
import { answeringEngine } from './engine/find.ts';
import { gatewayClass } from './istio/install.ts';
import { connection, nodeState } from './kind/kind.ts';
import { metallbNamespace } from './metallb/install.ts';
import { preflight } from './preflight/index.ts';
import { Problem } from './problem.ts';
import { standing } from './ready.ts';
import { readState } from './state.ts';

/** Milliseconds that a status waits for an API server. */
const atOnce = 3_000;

/**
 * The managed cluster as it is now, as label and value: engine, image source, versions, addresses, health, and
 * the time each step took when it last had work to do. Starts and changes nothing.
 */
export async function status(): Promise<[label: string, value: string][]> {
  const engine = await answeringEngine();
  if (!engine) return [['engine', 'none answers: nothing is up']];
  const { imageSource, steps } = readState();
  const rows: [string, string][] = [['engine', engine.line]];
  const node = await nodeState(engine);
  if (!node) return [...rows, ['cluster', 'none: npm run cluster -- up']];
  const parts = await standing(engine, atOnce);
  const broken = Object.entries(parts).filter(([, stands]) => !stands);
  rows.push(
    ['context', `${connection.context} (kubeconfig ${connection.kubeconfig})`],
    ['images', imageSource],
    ['node', `${node.image}, ${node.running ? 'running' : 'not running'}`],
    ['health', broken.length === 0 ? 'ready' : `not ready: ${broken.map(([part]) => part).join(', ')}`],
  );
  if (parts.cluster) rows.push(...(await versions()), ['addresses', await addresses()]);
  for (const [step, ms] of Object.entries(steps))
    rows.push([`time: ${step}`, `${(ms / 1_000).toFixed(1)} s`]);
  return rows;
}

async function versions(): Promise<[string, string][]> {
  try {
    const { versions: is, notes } = await preflight(connection, { gatewayClass });
    return [
      ['Kubernetes', is.kubernetes],
      ['Gateway API', `${is.gatewayApi.version}, ${is.gatewayApi.channel} channel`],
      ['implementation', is.implementation],
      ...notes.map((note): [string, string] => ['note', note]),
    ];
  } catch (error) {
    if (error instanceof Problem) return [['problem', error.message]];
    throw error;
  }
}

interface Pool extends KubeObject {
  spec: { addresses: string[] };
}

async function addresses(): Promise<string> {
  const kube = new Kube(connection);
  const pools = await kube.list<Pool>({
    apiVersion: 'metallb.io/v1beta1',
    kind: 'IPAddressPool',
    namespace: metallbNamespace,
  });
  await kube.close();
  return pools.items.flatMap(({ spec }) => spec.addresses).join(', ');
}
