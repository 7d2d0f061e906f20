import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { inCache } from './cache.ts';
import { answeringEngine } from './engine/find.ts';
import { paths } from './engine/private/paths.ts';
import { privateEngine } from './engine/private/start.ts';
import { stopPrivateEngine } from './engine/private/stop.ts';
import { deleteCluster, deleteNetwork, nodeState } from './kind/kind.ts';
import { exclusively } from './lock.ts';

/**
 * Takes away everything that `up` made: the kind node and its volumes, the engine's network, the kubeconfig, and
 * where the project's own engine runs, that engine with its mounts, firewall rules and cgroups. Builds and images
 * stay in the cache. Settles when all is gone.
 * @returns what was taken away, one line each; empty when there was nothing
 */
export async function down(): Promise<string[]> {
  return exclusively(takeDown, (holder) =>
    console.log(`waiting for another run that works on the managed cluster (${holder})`),
  );
}

async function takeDown(): Promise<string[]> {
  const gone: string[] = [];
  // A private engine that was killed has left its node on the disk: it is started once more to delete it.
  const own = existsSync(paths.before);
  const engine = own ? await privateEngine() : await answeringEngine();
  if (engine) {
    if (await nodeState(engine)) gone.push('kind cluster, its node and volumes');
    await deleteCluster(engine);
    if (await deleteNetwork(engine)) gone.push('engine network');
  }
  if (own) {
    await stopPrivateEngine();
    gone.push('private engine, with its bridges, mounts, firewall rules and cgroups');
  }
  await rm(inCache('state.json'), { force: true });
  return gone;
}
