import type { Scene } from '../scene.ts';

/**
 * Adds a fixture with a route that is younger than another one. The API server tells ages in whole seconds: one that comes
 * in the same second is made anew until it does not. Settles within a second or so.
 * @throws ApiError
 */
export async function addYounger(
  scene: Scene,
  fixture: string,
  { younger, older }: { younger: string; older: string },
): Promise<void> {
  const { kube } = scene.setup.cluster;
  const createdAt = async (name: string): Promise<string> =>
    (await kube.get(scene.route(name).ref))?.metadata.creationTimestamp ?? '';
  const first = await createdAt(older);
  await scene.add(fixture);
  while ((await createdAt(younger)) <= first) {
    await scene.delete(scene.route(younger));
    await scene.add(fixture);
  }
}
