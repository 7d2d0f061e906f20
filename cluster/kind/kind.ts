import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { which } from 'zx';
import { Kube } from '../../helpers/kube/client.ts';
import { binaries, buildGo } from '../build/go.ts';
import { cacheDir, cacheFolder, inCache } from '../cache.ts';
import { clusterName, type Engine } from '../engine/engine.ts';
import { thaw } from '../engine/private/thaw.ts';
import { pins } from '../pins.ts';
import { podsReady, share } from '../pods.ts';
import { explain, shell } from '../shell.ts';
import type { ImageSource } from '../target.ts';
import { families, kindConfig } from './config.ts';
import { patches } from './patches.ts';

/** The managed cluster's kubeconfig; the user's own is never touched. */
export const connection = { kubeconfig: join(cacheDir, 'kubeconfig'), context: `kind-${clusterName}` };

/** The node's container. */
export const node = `${clusterName}-control-plane`;

/** kind in the pinned version from the PATH, else built from its Go module. */
async function kind(): Promise<string> {
  const found = await which('kind', { nothrow: true });
  if (found && (await shell('kind')`${found} version`).stdout.includes(pins.kind)) return found;
  await buildGo('tools', () => {});
  return join(binaries('tools'), 'kind');
}

export interface Node {
  running: boolean;
  /** Name of its image. */
  image: string;
  /** When the container last started: a node that started again has lost its pods. */
  startedAt: string;
}

/** The node container as the engine has it, or undefined when there is none. */
export async function nodeState(engine: Engine): Promise<Node | undefined> {
  const $ = shell('kind', engine.env);
  const answer = await $({ nothrow: true })`${engine.cli} container inspect ${node}`;
  if (answer.exitCode !== 0) return undefined;
  const [{ State, Config }] = JSON.parse(answer.stdout);
  return { running: State.Running, image: Config.Image, startedAt: State.StartedAt };
}

/**
 * Creates the cluster anew; settles when its services can be called. What an earlier, interrupted attempt left
 * behind is taken away first.
 * @param image node image; undefined: kind's default for the pinned kind version
 */
export async function createCluster(engine: Engine, imageSource: ImageSource, image?: string): Promise<void> {
  await deleteCluster(engine);
  const config = inCache('kind.yaml');
  const patchFiles = cacheFolder('kubeadm-patches');
  await writeFile(config, stringify(kindConfig(imageSource, patchFiles)));
  for (const [name, patch] of Object.entries(patches))
    await writeFile(join(patchFiles, `${name}.json`), JSON.stringify(patch));
  try {
    const chosen = image ? ['--image', image] : [];
    const options = [
      '--name',
      clusterName,
      '--config',
      config,
      '--kubeconfig',
      connection.kubeconfig,
      ...chosen,
    ];
    await shell('kind', engine.env)`${await kind()} create cluster ${options}`;
    if (families === 'dual') await settleLinkLocal(engine);
    const kube = new Kube(connection);
    await kube.apply({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'kube-proxy', namespace: 'kube-system' },
      spec: { template: { spec: { containers: [{ name: 'kube-proxy', resources: share }] } } },
    });
    // Until kube-proxy has written its rules, calls to service addresses leave the node for the outside.
    await podsReady(kube, { namespace: 'kube-system', labels: 'k8s-app=kube-proxy' }, 1);
    await kube.close();
  } catch (error) {
    throw explain('kind', 'create the kind cluster', error, 'npm run cluster -- doctor');
  }
}

/**
 * A node that was killed may still be on the network for a moment, with the very address that a new one gives itself: the
 * kernel then takes the address for a duplicate for good, and MetalLB cannot announce IPv6 addresses from it.
 */
async function settleLinkLocal(engine: Engine): Promise<void> {
  const again =
    "for a in $(ip -6 -oneline address show dev eth0 scope link | awk '{ print $4 }'); do ip address delete $a dev eth0; ip address add $a dev eth0 nodad; done";
  await shell('kind', engine.env)`${engine.cli} exec ${node} sh -c ${again}`;
}

/** Deletes the cluster's node, its volumes and the kubeconfig. Settles at once when there is none. */
export async function deleteCluster(engine: Engine): Promise<void> {
  const $ = shell('kind', engine.env);
  if (engine.kind === 'private') await thaw();
  try {
    if (await nodeState(engine)) await $`${engine.cli} rm --force --volumes ${node}`;
  } catch (error) {
    throw explain('kind', `delete the node ${node}`, error, 'npm run cluster -- down');
  }
  await rm(connection.kubeconfig, { force: true });
  await rm(`${connection.kubeconfig}.lock`, { force: true });
}

/** Removes the network that the node was on; settles with whether there was one. */
export async function deleteNetwork(engine: Engine): Promise<boolean> {
  const $ = shell('kind', engine.env);
  return (await $({ nothrow: true })`${engine.cli} network rm ${clusterName}`).exitCode === 0;
}

/** Whether a kubeconfig of the managed cluster is there and names its context. */
export async function hasKubeconfig(): Promise<boolean> {
  return (
    existsSync(connection.kubeconfig) &&
    (await readFile(connection.kubeconfig, 'utf8')).includes(connection.context)
  );
}
