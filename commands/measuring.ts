import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { cacheDir } from '../cluster/cache.ts';
import { existingTarget } from '../cluster/existing/index.ts';
import { gatewayClass } from '../cluster/istio/install.ts';
import { runsOnManaged } from '../cluster/runs.ts';
import { explain, shell } from '../cluster/shell.ts';
import type { Target } from '../cluster/target.ts';
import { up } from '../cluster/up.ts';
import { Kube } from '../helpers/kube/client.ts';
import { ClusterRun } from '../helpers/run/run.ts';
import { namespaceName, namespaceObject } from '../helpers/setup/namespace.ts';
import { defaultTimeouts } from '../helpers/timeouts.ts';
import type { Contender, Taken } from '../reports/bench/figures.ts';
import { aboveFloor } from '../reports/bench/floor.ts';
import { takenBy } from '../reports/bench/of-run.ts';
import { type Bench, benchLines, benchPage, type Race } from '../reports/bench/page.ts';
import { promisedRatio } from '../reports/official/comparison.ts';
import { outputs } from '../reports/outputs.ts';
import type { Run } from '../reports/run.ts';
import { byHand, lackedByHand } from './by-hand.ts';
import { measureFloor } from './floor.ts';
import { measuredOn } from './measured-on.ts';
import { compareWithOfficial } from './official.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'reports/out/bench');

/** What can be measured alone. */
export const parts = ['cluster', 'seed', 'ingress-gateways', 'gateway-api', 'official'] as const;
type Part = (typeof parts)[number];

const names = {
  firstBuild: 'first build, empty cache → ready cluster',
  cluster: 'images → ready cluster',
  firstCase: 'ready cluster → first case',
  byHand: 'the task by hand, four checks',
  same: 'the same four checks here',
  all: 'all rows of it here, by Gateway API',
  ingressGateways: 'suites/ingress-gateways',
  gatewayApi: 'suites/gateway-api',
  official: "Gateway API's own suite",
  sameOfficial: 'the same official cases here',
} as const;
type Name = (typeof names)[keyof typeof names];

/** Seconds each may take on two cores, as the project promises it. */
const promised: Partial<Record<Name, number>> = {
  [names.firstBuild]: 720,
  [names.cluster]: 45,
  [names.firstCase]: 2,
  [names.ingressGateways]: 60,
};

const races: (Race & { slow: Name; fast: Name })[] = [
  { slow: names.byHand, fast: names.same },
  { slow: names.byHand, fast: names.all },
  { slow: names.official, fast: names.sameOfficial, promised: promisedRatio },
];

/** What commands/by-hand.sh asks, as cases. */
const sameChecks = [
  'ingress-gateways/exposed-paths/gateway-api-head-httpbin-example-com-status-200-200-from-httpbin',
  'ingress-gateways/exposed-paths/gateway-api-head-httpbin-example-com-headers-404-from-the-gateway',
  'ingress-gateways/any-host/gateway-api-get-any-example-com-headers-200-from-httpbin',
  'ingress-gateways/any-host/gateway-api-the-bare-address-is-answered-as-a-browser-asks-it',
];
const allRows = ['ingress-gateways/exposed-paths/gateway-api', 'ingress-gateways/any-host/gateway-api'];

export interface BenchOptions {
  /** How often each figure is taken. */
  rounds: number;
  parts: Part[];
  /** Whether everything is built from source once. */
  firstBuild: boolean;
  /** Parts of the short names of official cases; left out: all that both suites have. */
  only: string[] | undefined;
  /** An existing cluster instead of the managed one. */
  context: string | undefined;
}

/** One bench, from nothing to its page. */
export class Measuring {
  readonly #options: BenchOptions;
  readonly #signal: AbortSignal;
  readonly #contenders = new Map<Name, Taken[]>();
  readonly #served: Bench['served'] = [];
  readonly #left: string[] = [];
  #number = 0;

  constructor(options: BenchOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  /**
   * Measures all that was asked for, round after round, prints it and writes it to reports/out/bench.
   * @throws Problem when something cannot be measured; what the signal was aborted with, when all is cleaned up
   */
  async all(): Promise<void> {
    const { context, rounds } = this.#options;
    if (this.#has('cluster') && context === undefined) await this.#clusters();
    const target =
      context === undefined ? await up() : await existingTarget({ context, provision: false, gatewayClass });
    const measured = measuredOn(target);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const kube = new Kube(target, defaultTimeouts.api, defaultTimeouts.away);
    try {
      const lacked = this.#has('seed') ? await lackedByHand() : [];
      if (lacked.length > 0) this.#left.push(`${names.byHand}: no ${lacked.join(', no ')} on this machine`);
      for (let round = 0; round < rounds; round++) {
        for (const work of this.#round(round, { target, kube, withHands: lacked.length === 0 })) {
          await work();
          this.#signal.throwIfAborted();
        }
      }
    } finally {
      await kube.close();
    }
    await this.#tell(measured);
  }

  #has(part: Part): boolean {
    return this.#options.parts.includes(part);
  }

  /** What a round measures, each one time; who is first changes from round to round. */
  #round(
    round: number,
    { target, kube, withHands }: { target: Target; kube: Kube; withHands: boolean },
  ): (() => Promise<void>)[] {
    const ours = (name: Name, filters: string[]) => () => this.#ours(name, target, filters);
    const seed = [
      ...(withHands ? [() => this.#byHand(target, kube)] : []),
      ours(names.same, sameChecks),
      ours(names.all, allRows),
    ];
    const turned = [...seed.slice(round % seed.length), ...seed.slice(0, round % seed.length)];
    const served = (['seed', 'ingress-gateways', 'gateway-api'] as const).some((part) => this.#has(part));
    return [
      ...(served ? [() => this.#floor(kube)] : []),
      ...(this.#has('seed') ? turned : []),
      ...(this.#has('ingress-gateways') ? [ours(names.ingressGateways, ['suites/ingress-gateways'])] : []),
      ...(this.#has('gateway-api') ? [ours(names.gatewayApi, ['suites/gateway-api'])] : []),
      ...(this.#has('official') ? [() => this.#official()] : []),
    ];
  }

  #note(name: Name, taken: Taken): void {
    this.#contenders.set(name, [...(this.#contenders.get(name) ?? []), taken]);
    const { seconds, firstVerdict, cases } = taken;
    const words = [
      `${seconds.toFixed(1)} s`,
      ...(firstVerdict === undefined ? [] : [`the first verdict after ${firstVerdict.toFixed(1)} s`]),
      ...(cases === undefined ? [] : [`${cases} cases`]),
    ];
    console.log(`${name}: ${words.join(', ')}`);
  }

  /** Takes the managed cluster down and brings it up again, unless a run is on it. */
  async #clusters(): Promise<void> {
    const { rounds, firstBuild } = this.#options;
    const had = await whoHasIt();
    if (had !== undefined) {
      this.#left.push(`${names.cluster}: the cluster is not taken down: ${had}`);
      return;
    }
    await cluster('down');
    if (firstBuild) {
      await rm(cacheDir, { recursive: true });
      this.#note(names.firstBuild, await timed(() => cluster('up')));
    } else await cluster('up');
    for (let round = 0; round < rounds; round++) {
      await cluster('down');
      this.#note(names.cluster, await timed(() => cluster('up')));
      this.#signal.throwIfAborted();
    }
  }

  /** @param work gets a namespace that is deleted after it */
  async #inNamespace<T>(kube: Kube, what: string, work: (namespace: string) => Promise<T>): Promise<T> {
    const run = new ClusterRun(kube);
    try {
      await run.begin();
      const namespace = namespaceName(run.id, what);
      await kube.create(namespaceObject(namespace, run.id, what));
      return await work(namespace);
    } finally {
      await run.end(defaultTimeouts.gone);
    }
  }

  async #floor(kube: Kube): Promise<void> {
    const floor = await this.#inNamespace(kube, 'floor', (namespace) =>
      measureFloor(kube, namespace, this.#signal),
    );
    this.#served.push({ floor, runs: [] });
    console.log(
      `floor: a Gateway serves after ${floor.gateway.toFixed(2)} s, a route after ${floor.route.toFixed(2)} s`,
    );
  }

  async #byHand(target: Target, kube: Kube): Promise<void> {
    this.#note(
      names.byHand,
      await this.#inNamespace(kube, 'by-hand', (namespace) => byHand(target, namespace)),
    );
  }

  /** @throws Problem when the run did not begin, or ended before its account was written */
  async #ours(name: Name, { kind, context }: Target, filters: string[]): Promise<void> {
    const out = join(folder, `run-${++this.#number}`);
    const where = kind === 'managed' ? [] : ['--context', context];
    const places = ['--out', out, '--history', join(folder, 'history.jsonl')];
    const start = performance.now();
    const passed = () => (performance.now() - start) / 1_000;
    let firstVerdict: number | undefined;
    const $ = shell('bench', {}, (line) => {
      if (/^[✓✗]/.test(stripVTControlCharacters(line))) firstVerdict ??= passed();
    });
    const ended = await $({ cwd: root, nothrow: true })`npm test -- ${where} ${places} ${filters}`;
    const seconds = passed();
    this.#signal.throwIfAborted();
    const text = await readFile(join(out, outputs.run), 'utf8').catch(() => undefined);
    if (text === undefined) throw explain('bench', `measure ${name}`, ended);
    const run: Run = JSON.parse(text);
    this.#served.at(-1)?.runs.push(run);
    this.#note(name, { seconds, ...(firstVerdict !== undefined && { firstVerdict }), ...takenBy(run) });
    if (run.firstCaseAt !== undefined)
      this.#note(names.firstCase, {
        seconds: (Date.parse(run.firstCaseAt) - Date.parse(run.readyAt)) / 1_000,
      });
  }

  async #official(): Promise<void> {
    const { only = [], context } = this.#options;
    const { seconds } = await compareWithOfficial({ only, context });
    if (!seconds) throw new Error('the comparison with the official suite was ended');
    this.#note(names.official, { seconds: seconds.official });
    this.#note(names.sameOfficial, { seconds: seconds.ours });
  }

  async #tell(measured: Pick<Bench, 'at' | 'machine' | 'target'>): Promise<void> {
    const contenders = (Object.values(names) as Name[]).flatMap((name): Contender[] => {
      const [rounds, most] = [this.#contenders.get(name), promised[name]];
      return rounds ? [{ name, rounds, ...(most !== undefined && { promised: most }) }] : [];
    });
    const found: Bench = {
      ...measured,
      machine: `${measured.machine}, ${loadavg()[0]?.toFixed(1)} after it`,
      contenders,
      races,
      served: this.#served,
      left: this.#left,
    };
    const { served, ...others } = found;
    const account = {
      format: 1,
      ...others,
      floors: served.map(({ floor }) => floor),
      cases: aboveFloor(served),
    };
    await writeFile(join(folder, 'bench.json'), JSON.stringify(account, null, 2));
    await writeFile(join(folder, 'bench.md'), benchPage(found));
    for (const line of benchLines(found)) console.log(line);
    console.log(`written to ${relative(process.cwd(), folder)}`);
  }
}

async function timed(work: () => Promise<unknown>): Promise<Taken> {
  const start = performance.now();
  await work();
  return { seconds: (performance.now() - start) / 1_000 };
}

const cluster = (command: string) => shell('bench')({ cwd: root })`npm run cluster -- ${command}`;

/** Why the managed cluster is not to be taken down, if so: what is not known to be nobody's is somebody's. */
async function whoHasIt(): Promise<string | undefined> {
  try {
    const holders = await runsOnManaged();
    return holders.length === 0 ? undefined : `runs are on it: ${holders.join('; ')}`;
  } catch (error) {
    return `whether a run is on it is not known (${(error as Error).message}); npm run cluster -- down takes it down`;
  }
}
