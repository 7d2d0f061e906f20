import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { retry } from 'zx';
import { buildRootFs, rootFsKey } from '../build/debian.ts';
import { fetchEnvoy } from '../build/envoy.ts';
import { binaries, buildGo, goKey, modules, versionOf } from '../build/go.ts';
import type { Engine } from '../engine/engine.ts';
import { goRuntime } from '../go-runtime.ts';
import { pins } from '../pins.ts';
import { explain, shell } from '../shell.ts';
import { catalogue } from './catalogue.ts';
import { writeLayout } from './layout.ts';
import { nodeSetUp, nodeTree } from './node-tree.ts';

const repository = 'localhost/ingress-conformance/node';

/** Name of the node image that today's pins, sources and recipes give. */
export async function nodeImage(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([pins, nodeSetUp, goRuntime]));
  for (const module of modules) hash.update(await goKey(module));
  for (const rootFs of ['node', 'network'] as const) hash.update(rootFsKey(rootFs));
  for (const recipe of globSync('*.ts', { cwd: import.meta.dirname }).toSorted())
    hash.update(await readFile(join(import.meta.dirname, recipe)));
  return `${repository}:${hash.digest('hex').slice(0, 16)}`;
}

async function hasImage(engine: Engine, image: string): Promise<boolean> {
  const $ = shell('node-image', engine.env);
  return (await $({ nothrow: true })`${engine.cli} image inspect ${image}`).exitCode === 0;
}

/**
 * Makes the kind node image with every image of the cluster inside; what it is made of is built where it is
 * missing. Settles with the image's name when the engine holds it, at once when it does already.
 */
export async function buildNodeImage(engine: Engine): Promise<string> {
  const image = await nodeImage();
  if (await hasImage(engine, image)) return image;
  const $ = shell('node-image', engine.env);
  const cli = engine.cli;
  const builder = 'ingress-conformance-node-build';
  try {
    for (const module of modules) await buildGo(module, () => {});
    const kubernetes = await versionOf('k8s.io/kubernetes');
    const kubeadm = join(binaries('tools'), 'kubeadm');
    const wanted = (await $`${kubeadm} config images list --kubernetes-version ${kubernetes}`).stdout.trim();
    const layout = await writeLayout(await catalogue(wanted.split('\n'), await fetchEnvoy()), 'layout');
    const tree = await nodeTree();
    const base = `${repository}:base-${rootFsKey('node')}`;
    if (!(await hasImage(engine, base))) await $`${cli} import ${await buildRootFs('node')} ${base}`;
    await $({ nothrow: true })`${cli} rm -f ${builder}`;
    await $`${cli} run -d --name ${builder} --privileged --stop-signal SIGRTMIN+3 --network none --entrypoint sleep ${base} infinity`;
    await $`tar -C ${tree} --owner=0 --group=0 -c . | ${cli} exec -i ${builder} tar -C / -x`;
    await $`${cli} exec ${builder} sh -c ${nodeSetUp}`;
    await $`${cli} exec -d ${builder} containerd`;
    await retry(100, '100ms', () => $`${cli} exec ${builder} ctr version`);
    await $`tar -C ${layout} -c -h . | ${cli} exec -i ${builder} ctr -n k8s.io images import --no-unpack -`;
    await $`${cli} exec ${builder} sh -c ${'kill $(pidof containerd); while pidof containerd; do sleep 0.05; done'}`;
    const changes = ['ENV container=docker', 'ENTRYPOINT ["/usr/local/bin/entrypoint","/sbin/init"]'];
    await $`${cli} commit ${changes.flatMap((change) => ['--change', change])} ${builder} ${image}`;
    await removeOlder(engine, image, base);
  } catch (error) {
    throw explain('node-image', 'assemble the kind node image', error);
  } finally {
    await $({ nothrow: true })`${cli} rm -f ${builder}`;
  }
  return image;
}

/** Each node image weighs gigabytes: the ones of older pins go, unless a container still runs from them. */
async function removeOlder(engine: Engine, ...keep: string[]): Promise<void> {
  const $ = shell('node-image', engine.env);
  const listed = await $`${engine.cli} images --format {{.Repository}}:{{.Tag}} ${repository}`;
  const old = listed.stdout.split('\n').filter((name) => name.startsWith(repository) && !keep.includes(name));
  for (const name of old) await $({ nothrow: true })`${engine.cli} image rm ${name}`;
}
