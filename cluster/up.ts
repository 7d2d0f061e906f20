import { Listr, type ListrTask, PRESET_TIMER } from 'listr2';
import { buildRootFs } from './build/debian.ts';
import { fetchEnvoy } from './build/envoy.ts';
import { buildGo, modules } from './build/go.ts';
import { progressText } from './build/progress.ts';
import { diskSpace } from './disk.ts';
import type { Engine } from './engine/engine.ts';
import { findEngine } from './engine/find.ts';
import { installGatewayApi } from './gateway-api/install.ts';
import { chooseImages, type ImageChoice } from './image-source.ts';
import { buildNodeImage, hasImage, nodeImage } from './images/node.ts';
import { installIstio } from './istio/install.ts';
import { connection, createCluster, nodeState } from './kind/kind.ts';
import { exclusively } from './lock.ts';
import { installMetallb } from './metallb/install.ts';
import { preflight } from './preflight/index.ts';
import { nothing, type Parts, standing } from './ready.ts';
import { readState, remember } from './state.ts';
import type { Channel, ImageSource, Target } from './target.ts';

export interface UpOptions {
  images?: ImageChoice | undefined;
  /** Channel of the Gateway API CRDs where none are installed yet; default experimental. */
  channel?: Channel | undefined;
}

/** GatewayClass of the implementation that the managed cluster carries. */
const gatewayClass = 'istio';

/** Gigabytes that a first build leaves in the cache, with room for its work files. */
const firstBuild = 16;
/** Milliseconds to wait for the API server of a node that runs, before it is made anew. */
const patience = 60_000;

/** Gigabytes that a new node needs when its images are there. */
const newNode = 4;

/**
 * Brings up the managed kind cluster: engine, images, node, MetalLB, Gateway API CRDs, Istio. Does only what is
 * missing; settles when all of it is ready. Another `up` or `down` with the same cache is waited for.
 * @param say is told, a line each, what is waited for and what a run cannot do in this cluster
 * @returns the target to run suites against
 * @throws Problem that names the step that failed and its log
 */
export async function up(
  { images = 'auto', channel }: UpOptions = {},
  say: (line: string) => void = console.log,
): Promise<Target> {
  const imageSource = await exclusively(
    () => bringUp(images, channel),
    (holder) => say(`waiting for another run that works on the managed cluster (${holder})`),
  );
  const { versions, notes } = await preflight(connection, { gatewayClass, channel });
  for (const note of notes) say(note);
  return { kind: 'managed', ...connection, gatewayClass, imageSource, versions };
}

async function bringUp(images: ImageChoice, channel: Channel | undefined): Promise<ImageSource> {
  const engine = await findEngine();
  const had = readState().imageSource;
  const imageSource = await chooseImages(images, had);
  const parts = imageSource === had ? await standing(engine, patience) : nothing;
  if (Object.values(parts).every(Boolean)) return imageSource;
  const built = imageSource === 'registry' || (await hasImage(engine, await nodeImage()));
  if (!parts.cluster) await diskSpace(built ? newNode : firstBuild, 'bring up the managed kind cluster');
  console.log(`managed kind cluster on ${engine.line}; images from ${imageSource}`);
  remember({ imageSource });
  const list = new Listr(
    [...(built ? [] : buildTasks()), ...clusterTasks(engine, imageSource, parts, channel)],
    {
      rendererOptions: { timer: PRESET_TIMER, collapseSubtasks: false },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  );
  await list.run();
  return imageSource;
}

/** Milliseconds between two lines of progress: a terminal redraws one line, a log keeps them all. */
const tellEvery = process.stdout.isTTY ? 500 : 15_000;

/** A task whose time is remembered for `cluster status`. */
function step(title: string, work: (say: (text: string) => void) => Promise<unknown>): ListrTask {
  return {
    title,
    task: async (_, task) => {
      const start = performance.now();
      await work((text) => {
        task.output = text;
      });
      remember({ steps: { [title]: Math.round(performance.now() - start) } });
    },
  };
}

/** What needs a compiler, and beside it what needs none. */
function buildTasks(): ListrTask[] {
  const programs = modules.map((module) =>
    step(`Go programs (${module})`, async (say) => {
      const start = performance.now();
      let told = start;
      await buildGo(module, (done, of) => {
        const now = performance.now();
        if (now - told < tellEvery) return;
        told = now;
        say(progressText(done, of, now - start));
      });
    }),
  );
  const rest = [
    step('Debian root file systems', async () => {
      await buildRootFs('node');
      await buildRootFs('network');
    }),
    step('Envoy', fetchEnvoy),
  ];
  return [
    {
      title: 'Build from source',
      task: (_, task) =>
        task.newListr([{ title: 'Go programs', task: (__, go) => go.newListr(programs) }, ...rest], {
          concurrent: true,
        }),
    },
  ];
}

function clusterTasks(
  engine: Engine,
  imageSource: ImageSource,
  parts: Parts,
  channel: Channel | undefined,
): ListrTask[] {
  const node = parts.cluster
    ? []
    : [
        step('kind node', async (say) => {
          say('node image');
          const image = imageSource === 'source' ? await buildNodeImage(engine) : undefined;
          say('node');
          await createCluster(engine, imageSource, image);
          remember({ nodeStartedAt: (await nodeState(engine))?.startedAt });
        }),
      ];
  const gateways = step('Gateway API CRDs, Istio', async (say) => {
    say('Gateway API CRDs');
    if (!parts.gatewayApi) await installGatewayApi({ ...connection, channel });
    say('Istio');
    if (!parts.istio) await installIstio({ ...connection, imageSource });
  });
  const metallb = step('MetalLB', () => installMetallb(engine, connection));
  const installs = [
    ...(parts.metallb ? [] : [metallb]),
    ...(parts.gatewayApi && parts.istio ? [] : [gateways]),
  ];
  return [
    ...node,
    { title: 'Into the cluster', task: (_, task) => task.newListr(installs, { concurrent: true }) },
  ];
}
