import { join } from 'node:path';
import type { Manifest } from '../../helpers/kube/manifests.ts';
import { binaries } from '../build/go.ts';
import { answeringEngine } from '../engine/find.ts';
import type { Image } from '../images/catalogue.ts';
import { writeLayout } from '../images/layout.ts';
import { node } from '../kind/kind.ts';
import { explain, shell } from '../shell.ts';

/** What is in an image, by its name without registry and tag. */
const programs: Record<string, { path: string; file: string }> = {
  'echo-basic': { path: '/echo-basic', file: join(binaries('tools'), 'echo-basic') },
  coredns: { path: '/coredns', file: join(binaries('official'), 'coredns') },
};

interface Workload {
  spec?: { template?: { spec?: { containers?: { image: string }[] } } };
}

/** Names of the images that the pods of these manifests run from, each once. */
export function imagesOf(manifests: Manifest[]): string[] {
  const containers = manifests.flatMap(
    ({ object }) => (object as Workload).spec?.template?.spec?.containers ?? [],
  );
  return [...new Set(containers.map(({ image }) => image))].toSorted();
}

/**
 * Puts images under these names into the managed cluster's node, from programs that were built for it, where it has
 * none of the name. Settles when the node has them all.
 * @throws Problem when the engine or the node does not take them
 */
export async function giveImages(names: string[]): Promise<void> {
  const engine = await answeringEngine();
  if (!engine) throw new Error('the managed cluster is up, and no engine answers');
  const $ = shell('official-images', engine.env);
  try {
    const there = (await $`${engine.cli} exec ${node} ctr -n k8s.io images ls -q`).stdout.split('\n');
    const images = names.filter((name) => !there.includes(name)).map(imageFor);
    if (images.length === 0) return;
    const layout = await writeLayout(images, 'official');
    await $`tar -C ${layout} -c -h . | ${engine.cli} exec -i ${node} ctr -n k8s.io images import -`;
  } catch (error) {
    throw explain('official-images', `put ${names.join(', ')} into the managed node`, error);
  }
}

function imageFor(ref: string): Image {
  const name = /([\w-]+):[^:]+$/.exec(ref)?.[1] ?? '';
  const program = programs[name];
  if (!program)
    throw new Error(`the official suite wants ${ref}, which cluster/official/images.ts does not know`);
  return { ref, files: { [program.path]: program.file } };
}
