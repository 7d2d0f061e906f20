import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { buildRootFs } from '../build/debian.ts';
import { cacheFolder } from '../cache.ts';
import { shell } from '../shell.ts';
import type { Image } from './catalogue.ts';

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

const oci = 'application/vnd.oci.image';

/**
 * Writes images as one OCI image layout, a folder that `ctr images import` takes as a tar stream; settles with
 * the folder's path. Layers are plain, reproducible tar files, so that equal programs give equal digests.
 * Spec: OCI image-spec, image-layout.md.
 */
export async function writeLayout(images: Image[], key: string): Promise<string> {
  const layout = cacheFolder('images', key);
  await rm(layout, { recursive: true });
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true });
  const bases = new Map<string, Descriptor>();
  const manifests: Descriptor[] = [];
  for (const image of images) {
    const layers: Descriptor[] = [];
    if (image.base) {
      const base = bases.get(image.base) ?? (await addFile(layout, await buildRootFs(image.base)));
      bases.set(image.base, base);
      layers.push(base);
    }
    layers.push(await addLayer(layout, image.files));
    manifests.push(await addManifest(layout, image, layers));
  }
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  return layout;
}

async function addManifest(layout: string, image: Image, layers: Descriptor[]): Promise<Descriptor> {
  const config = await addJson(layout, `${oci}.config.v1+json`, {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Entrypoint: [Object.keys(image.files)[0]],
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ...(image.user ? { User: image.user } : {}),
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
  });
  const manifest = await addJson(layout, `${oci}.manifest.v1+json`, { schemaVersion: 2, config, layers });
  return { ...manifest, annotations: { 'io.containerd.image.name': image.ref } };
}

async function addLayer(layout: string, files: Record<string, string>): Promise<Descriptor> {
  const work = await mkdtemp(join(layout, 'layer-'));
  for (const [path, file] of Object.entries(files)) {
    const target = join(work, 'root', path);
    await mkdir(dirname(target), { recursive: true });
    await link(file, target).catch(() => copyFile(file, target));
  }
  const tar = join(work, 'layer.tar');
  const sameBytes = [
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--hard-dereference',
  ];
  await shell('images')`tar -C ${join(work, 'root')} ${sameBytes} --mode=a+rX -cf ${tar} .`;
  const { digest, size } = await digestOf(tar);
  await rename(tar, join(layout, 'blobs/sha256', digest.slice(7)));
  await rm(work, { recursive: true });
  return { mediaType: `${oci}.layer.v1.tar`, digest, size };
}

async function addFile(layout: string, file: string): Promise<Descriptor> {
  const { digest, size } = await digestOf(file);
  await symlink(file, join(layout, 'blobs/sha256', digest.slice(7)));
  return { mediaType: `${oci}.layer.v1.tar`, digest, size };
}

async function addJson(layout: string, mediaType: string, value: object): Promise<Descriptor> {
  const text = JSON.stringify(value);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  await writeFile(join(layout, 'blobs/sha256', digest.slice(7)), text);
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

async function digestOf(file: string): Promise<{ digest: string; size: number }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return { digest: `sha256:${hash.digest('hex')}`, size: (await stat(file)).size };
}
