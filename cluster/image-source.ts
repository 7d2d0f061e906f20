import got from 'got';
import { pins } from './pins.ts';
import { Problem } from './problem.ts';
import type { ImageSource } from './target.ts';

/** `auto`: registries where they answer, else source. */
export type ImageChoice = 'auto' | 'registry' | 'source';

/** One image of each registry that the managed cluster's parts are published in. */
const samples = [
  `https://quay.io/v2/metallb/controller/manifests/${pins.metallb}`,
  'https://registry-1.docker.io/v2/',
];

/** Settles with whether every registry answers at all, within five seconds; 401 is an answer. */
async function registriesAnswer(): Promise<boolean> {
  const asked = samples.map((url) =>
    got(url, { throwHttpErrors: false, retry: { limit: 0 }, timeout: { request: 5_000 } }).then(
      ({ statusCode }) => statusCode < 500 && statusCode !== 403,
      () => false,
    ),
  );
  return (await Promise.all(asked)).every(Boolean);
}

/**
 * Decides where images come from.
 * @param had where the standing cluster's images came from, kept under `auto`
 * @throws Problem when registries were asked for and do not answer
 */
export async function chooseImages(choice: ImageChoice, had: ImageSource): Promise<ImageSource> {
  if (choice === 'source') return 'source';
  if (choice === 'auto' && had !== 'unknown') return had;
  if (await registriesAnswer()) return 'registry';
  if (choice === 'auto') return 'source';
  throw new Problem({
    asked: 'take the images from their registries (--images registry)',
    got: `no answer from ${samples.map((url) => new URL(url).host).join(' or ')}`,
    cause: 'this machine does not reach the image registries',
    next: 'leave --images away, or --images source: they are then assembled from source',
  });
}
