import { Listr, type ListrTask, PRESET_TIMER } from 'listr2';
import type { ReachChoice } from '../helpers/reach/way.ts';
import { buildRootFs } from './build/debian.ts';
import { fetchEnvoy } from './build/envoy.ts';
import { buildGo, isBuilt, modules } from './build/go.ts';
import { diskSpace } from './disk.ts';
import type { Engine } from './engine/engine.ts';
import { answeringEngine, findEngine } from './engine/find.ts';
import { installGatewayApi } from './gateway-api/install.ts';
import { chooseImages, type ImageChoice } from './image-source.ts';
import { buildNodeImage } from './images/node.ts';
import { gatewayClass, installIstio } from './istio/install.ts';
import { nodeRecipe } from './kind/config.ts';
import { connection, createCluster, nodeState } from './kind/kind.ts';
import { exclusively } from './lock.ts';
import { installMetallb } from './metallb/install.ts';
import { endOrphans } from './orphans.ts';
import { preflight } from './preflight/index.ts';
import { Problem } from './problem.ts';
import { nothing, type Parts, standing } from './ready.ts';
import { runsOnManaged } from './runs.ts';
import { endPrograms } from './shell.ts';
import { readState, remember } from './state.ts';
import type { Channel, ImageSource, Target } from './target.ts';

export interface UpOptions {
  images?: ImageChoice | undefined;
  /** Channel of the Gateway API CRDs where none are installed yet; default experimental. */
  channel?: Channel | undefined;
  /** Version of the node that registries hold, as `v1.35.0`; left out: the one that stands, else kind's default. */
  kubernetes?: string | undefined;
  /** How the gateways are to be asked; the preflight demands a load balancer unless told otherwise. */
  reach?: ReachChoice | undefined;
  /** Waited for before anything is changed; what it throws ends it. Looking at what stands goes on beside it. */
  confirmed?: Promise<unknown> | undefined;
}

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
  { images = 'auto', channel, kubernetes, reach, confirmed }: UpOptions = {},
  say: (line: string) => void = console.log,
): Promise<Target> {
  const imageSource = await exclusively(
    () => bringUp(images, { channel, kubernetes, confirmed }),
    (holder) => say(`waiting for another run that works on the managed cluster (${holder})`),
  );
  const { notes, ...facts } = await preflight(connection, { gatewayClass, channel, reach });
  for (const note of notes) say(note);
  return { kind: 'managed', ...connection, gatewayClass, imageSource, ...facts };
}

type Versions = Pick<UpOptions, 'channel' | 'kubernetes'>;

const isComplete = (parts: Parts): boolean => Object.values(parts).every(Boolean);

async function bringUp(
  images: ImageChoice,
  { confirmed, ...versions }: Versions & Pick<UpOptions, 'confirmed'>,
): Promise<ImageSource> {
  const had = readState().imageSource;
  const imageSource = await chooseImages(images, had);
  const published = publishedNode(imageSource, versions);
  const look = async (engine: Engine) => {
    const isOther = published !== undefined && (await nodeState(engine))?.image !== published;
    return imageSource === had && !isOther ? standing(engine, patience) : nothing;
  };
  const built = imageSource === 'registry' || (await Promise.all(modules.map(isBuilt))).every(Boolean);
  const running = await answeringEngine();
  const stood = running && (await look(running));
  if (built && stood && isComplete(stood)) return imageSource;

  await confirmed;
  await endOrphans();
  const startEngine = await findEngine();
  try {
    if (!built) {
      await diskSpace(firstBuild, "build the cluster's images from source");
      console.log(
        'images from source: about twelve minutes the first time on two cores, less than one after that',
      );
      // a compiler is busy for minutes: everything that needs none goes on beside it
      await show([...buildTasks(), { title: 'Container engine', task: startEngine }], true);
    }
    const engine = await startEngine();
    const parts = stood ?? (await look(engine));
    if (isComplete(parts)) return imageSource;
    if (!parts.cluster) {
      await demandNoRuns();
      await diskSpace(newNode, 'make the managed kind cluster');
    }
    console.log(`managed kind cluster on ${engine.line}; images from ${imageSource}`);
    remember({ imageSource });
    await show(clusterTasks(engine, imageSource, parts, { ...versions, published }), false);
  } catch (error) {
    endPrograms();
    throw error;
  }
  return imageSource;
}

/** @throws Problem where runs are on the cluster that is to be made anew; not where it does not say whether any are */
async function demandNoRuns(): Promise<void> {
  const holders = await runsOnManaged().catch(() => []);
  if (holders.length === 0) return;
  throw new Problem({
    asked: 'make the managed kind cluster anew',
    got: `runs are on it: ${holders.join('; ')}`,
    cause: 'what stands is not what this checkout defines: other pins, images or settings of the node',
    next: `when they have ended, the same again; or --context ${connection.context} for the cluster as it is`,
  });
}

/**
 * The image of a node of that version, as the kind project publishes it.
 * @returns undefined where no version was asked for
 * @throws Problem where the node is built from source
 */
function publishedNode(imageSource: ImageSource, { kubernetes }: Versions): string | undefined {
  if (kubernetes === undefined || imageSource === 'registry')
    return kubernetes && `kindest/node:${kubernetes}`;
  throw new Problem({
    asked: `make a node of Kubernetes ${kubernetes}`,
    got: 'images are built from source',
    cause:
      'no registry answers, or --images source; what is built is the version in cluster/build/go/tools/go.mod',
    next: 'leave --kubernetes away, or --images registry',
  });
}

const show = (tasks: ListrTask[], concurrent: boolean) =>
  new Listr(tasks, {
    concurrent,
    rendererOptions: { timer: PRESET_TIMER, collapseSubtasks: false },
    fallbackRendererOptions: { timer: PRESET_TIMER },
  }).run();

/** Milliseconds between two lines of progress: a terminal redraws one line, a log keeps them all. */
const tellEvery = process.stdout.isTTY ? 500 : 15_000;

/** Milliseconds that a step takes to see that nothing is to be done. */
const noWork = 500;

/** A task whose time is remembered for `cluster status`. */
function step(title: string, work: (say: (text: string) => void) => Promise<unknown>): ListrTask {
  return {
    title,
    task: async (_, task) => {
      const start = performance.now();
      await work((text) => {
        task.output = text;
      });
      const ms = Math.round(performance.now() - start);
      if (ms > noWork) remember({ steps: { [title]: ms } });
    },
  };
}

/** What needs a compiler, one after another, and beside it what needs none. */
function buildTasks(): ListrTask[] {
  const programs = modules.map((module) =>
    step(`Go programs (${module})`, (say) => {
      let told = 0;
      return buildGo(module, (text) => {
        const now = performance.now();
        if (now - told < tellEvery) return;
        told = now;
        say(text);
      });
    }),
  );
  return [
    { title: 'Go programs', task: (_, task) => task.newListr(programs, { concurrent: false }) },
    step('Debian root file systems', async () => {
      await buildRootFs('node');
      await buildRootFs('network');
    }),
    step('Envoy', fetchEnvoy),
  ];
}

function clusterTasks(
  engine: Engine,
  imageSource: ImageSource,
  parts: Parts,
  { channel, published }: Versions & { published: string | undefined },
): ListrTask[] {
  const node = parts.cluster
    ? []
    : [
        step('kind node', async (say) => {
          say('node image');
          // what it is made of and is not built yet, is built now
          const image = imageSource === 'source' ? await buildNodeImage(engine) : published;
          say('node');
          await createCluster(engine, imageSource, image);
          remember({
            nodeStartedAt: (await nodeState(engine))?.startedAt,
            node: nodeRecipe(imageSource),
          });
        }),
      ];
  const gateways = step('Gateway API CRDs, Istio', async (say) => {
    say('Gateway API CRDs');
    if (!parts.gatewayApi) await installGatewayApi({ ...connection, channel });
    say('Istio');
    if (!parts.istio) remember({ istio: String(await installIstio({ ...connection, imageSource })) });
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
