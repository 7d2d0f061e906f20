import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';
import { existingTarget } from '../cluster/existing/index.ts';
import { featuresOf } from '../cluster/features/names.ts';
import { chosenFeatures, parseFeatures } from '../cluster/features/options.ts';
import { gatewayClass } from '../cluster/istio/install.ts';
import { exclusively } from '../cluster/lock.ts';
import { giveImages, imagesOf } from '../cluster/official/images.ts';
import { runOfficialSuite } from '../cluster/official/run.ts';
import { type OfficialSuite, officialSuite } from '../cluster/official/suite.ts';
import { shellWord } from '../cluster/preflight/connection.ts';
import { Problem } from '../cluster/problem.ts';
import { explain, shell } from '../cluster/shell.ts';
import type { Target } from '../cluster/target.ts';
import { up } from '../cluster/up.ts';
import { Kube } from '../helpers/kube/client.ts';
import { type Ref, refOf } from '../helpers/kube/objects.ts';
import { hosted } from '../helpers/run/hosted.ts';
import { clusterScopedKinds, namespaceKind } from '../helpers/run/remove.ts';
import { Suites } from '../helpers/run/suites.ts';
import { defaultTimeouts } from '../helpers/timeouts.ts';
import type { CatalogueCase } from '../reports/catalogue.ts';
import { officialCases } from '../reports/conformance/official.ts';
import profiles from '../reports/conformance/profiles.json' with { type: 'json' };
import {
  type Comparison,
  compare,
  type Effort,
  type Selection,
  selectOfficial,
} from '../reports/official/comparison.ts';
import { type Line, type OfficialVerdict, readOutput } from '../reports/official/output.ts';
import {
  comparisonPage,
  differenceLines,
  leftLines,
  ratioLines,
  tableLines,
} from '../reports/official/page.ts';
import type { Run } from '../reports/run.ts';
import { interruptible } from './interruptible.ts';
import { measuredOn } from './measured-on.ts';

const root = join(import.meta.dirname, '..');
const out = join(root, 'reports/out');
/** Beside what a run of the suites leaves there, which takes away its own files only. */
const folder = join(out, 'official');

/** The release that the official suite of build/go/official is of. */
const release = 'v1.6';

export interface OfficialOptions {
  /** An existing cluster instead of the managed one. */
  context: string | undefined;
  /** GatewayClass to test there; undefined: Istio's. */
  gatewayClass?: string | undefined;
  /** As the options of `npm test` of these names. */
  features?: string | undefined;
  allFeatures?: true | undefined;
  exempt?: string | undefined;
  /** Parts of the short names of official cases; none: every case that both suites have. */
  only: string[];
}

interface Compared {
  /** 0 when all verdicts agree, 1 when some differ; that of the signal which ended it. */
  exitCode: number;
  /** What each suite took; absent when it was ended. */
  seconds?: Comparison['seconds'];
}

/**
 * Runs Gateway API's own suite and then this one on the same official cases, prints both verdicts and times, and
 * writes them to reports/out/official. Settles when nothing of either is left on the cluster, however they ended.
 * @throws Problem when the cluster was not named, or cannot take the suites
 */
export function compareWithOfficial(options: OfficialOptions): Promise<Compared> {
  demandNamed(options);
  return exclusively(
    () => begin(options),
    (holder) => console.log(`waiting for another run of the official suite (${holder})`),
    'official',
  );
}

async function begin(options: OfficialOptions): Promise<Compared> {
  const { only } = options;
  const target = await find(options);
  const selection = selectOfficial(officialCases(release), await catalogue(), target.features, only);
  demandCases(selection, only);
  const suite = await officialSuite(progress);
  demandRelease(suite, target);
  if (target.imageSource === 'source') await giveImages(imagesOf(suite.manifests));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });

  return interruptible(
    'the suites',
    (signal) => measure(suite, target, { selection, options }, signal),
    (exitCode, error) => {
      if (error instanceof Problem) console.error(error.message);
      return { exitCode };
    },
  );
}

/** @throws the signal's reason once it is aborted and what runs then has ended */
async function measure(
  suite: OfficialSuite,
  target: Target,
  { selection, options }: { selection: Selection; options: OfficialOptions },
  signal: AbortSignal,
): Promise<Compared> {
  const measured = { ...measuredOn(target), official: suite.version };
  console.log(
    `official suite ${suite.version}, ${selection.compared.length} cases; its verdicts come when all are in`,
  );
  const official = await runOfficial(suite, target, selection, signal);
  console.log('this suite, the same cases');
  const ours = await runOurs(selection, options);
  signal.throwIfAborted();
  const comparison = compare(selection.compared, official, ours);

  await writeFile(
    join(folder, 'comparison.json'),
    JSON.stringify({ format: 1, ...measured, ...comparison }, null, 2),
  );
  await writeFile(join(folder, 'comparison.md'), comparisonPage(comparison, selection, measured));
  for (const line of ['', ...tableLines(comparison), '', ...leftLines(selection)]) console.log(line);
  for (const line of [...differenceLines(comparison), ...ratioLines(comparison)]) console.log(line);
  console.log(`written to ${relative(process.cwd(), folder)}`);
  const exitCode = comparison.cases.every(({ agrees }) => agrees) ? 0 : 1;
  return { exitCode, seconds: comparison.seconds };
}

/** @throws Problem when the suite judged nothing; the signal's reason once it is aborted and all is cleaned up */
async function runOfficial(
  { program, manifests }: OfficialSuite,
  target: Target,
  { compared }: Selection,
  signal: AbortSignal,
): Promise<{ verdicts: OfficialVerdict[] } & Effort> {
  const lines: Line[] = [];
  const skip = officialCases(release)
    .map(({ name }) => name)
    .filter((name) => !compared.includes(name));
  const supported = featuresOf(release).filter((name) => target.features.supported.includes(name));
  const report = { file: join(folder, 'conformance-report.yaml'), profiles: Object.keys(profiles[release]) };
  const read = (text: string) => lines.push({ at: performance.now(), text });
  const kube = new Kube(target, defaultTimeouts.api);
  try {
    const taken = await hosted(kube, outsideNamespaces(manifests), defaultTimeouts, async (label) => {
      const passed = watchProcessors();
      await runOfficialSuite(program, { target, features: supported, skip, label, report }, read);
      return passed();
    });
    signal.throwIfAborted();
    const verdicts = readOutput(lines).filter(({ name }) => compared.includes(name));
    if (verdicts.length > 0) return { verdicts, ...taken };
  } finally {
    await kube.close();
    await writeFile(join(folder, 'suite.log'), lines.map(({ text }) => text).join('\n'));
  }
  throw new Problem({
    asked: 'run the official suite',
    got:
      lines
        .slice(-8)
        .map(({ text }) => text)
        .join('\n') || 'no output',
    cause: 'its set-up failed: no case was judged',
    next: `read ${relative(process.cwd(), join(folder, 'suite.log'))}`,
  });
}

/** What the suite makes that is in no namespace, and its namespaces. */
function outsideNamespaces(manifests: OfficialSuite['manifests']): Ref[] {
  const kinds = [namespaceKind, ...clusterScopedKinds].map(({ kind }) => kind);
  const refs = manifests.map(({ object }) => refOf(object)).filter(({ kind }) => kinds.includes(kind));
  return [...new Map(refs.map((ref) => [`${ref.kind}/${ref.name}`, ref])).values()];
}

/** @throws Problem when the run did not begin, or ended before its account was written */
async function runOurs(
  { compared }: Selection,
  { context, gatewayClass: of, features, allFeatures, exempt }: OfficialOptions,
): Promise<{ run: Run } & Effort> {
  const given = Object.entries({ context, 'gateway-class': of, features, exempt });
  const options = [
    ...given.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...(allFeatures ? ['--all-features'] : []),
  ];
  const account = join(out, 'run.json');
  await rm(account, { force: true });
  const $ = shell('bench', {}, (line) => console.log(line));
  const passed = watchProcessors();
  const ended = await $({ cwd: root, nothrow: true })`npm test -- ${options} ${compared}`;
  const taken = passed();
  const text = await readFile(account, 'utf8').catch(() => undefined);
  if (text === undefined) throw explain('bench', 'run the same cases of this suite', ended);
  return { run: JSON.parse(text), ...taken };
}

async function find({
  context,
  gatewayClass: of = gatewayClass,
  features,
  allFeatures,
  exempt = '',
}: OfficialOptions): Promise<Target> {
  const chosen = {
    features: features === undefined ? undefined : parseFeatures('--features', features),
    allFeatures: allFeatures === true,
    exempt: parseFeatures('--exempt', exempt),
  };
  const target = await (context === undefined
    ? up()
    : existingTarget({ context, provision: false, gatewayClass: of }));
  return { ...target, features: chosenFeatures(target.features, chosen) };
}

async function catalogue(): Promise<CatalogueCase[]> {
  const suites = await Suites.open(root, []);
  try {
    return suites.selected([]);
  } finally {
    await suites.close();
  }
}

/** Milliseconds between two lines of progress. */
const tellEvery = 15_000;
let told = performance.now();

function progress(text: string): void {
  const now = performance.now();
  if (now - told < tellEvery) return;
  told = now;
  console.log(`building the official suite: ${text}`);
}

/** @throws Problem when a GatewayClass is named without its cluster, or only the environment names that */
function demandNamed({ context, gatewayClass: of }: OfficialOptions): void {
  if (context === undefined && of !== undefined) {
    throw new Problem({
      asked: `run the official suite with --gateway-class ${of}`,
      got: 'no --context beside it',
      cause: '--gateway-class is for an existing cluster; the managed one has the class istio',
      next: `npm run bench -- --official --context NAME --gateway-class ${shellWord(of)}`,
    });
  }
  const named = process.env.CONFORMANCE_CONTEXT ?? '';
  if (context !== undefined || named === '') return;
  throw new Problem({
    asked: 'run the official suite',
    got: `CONFORMANCE_CONTEXT is ${named}, which is not the managed cluster`,
    cause:
      'that suite makes and deletes namespaces of fixed names (gateway-conformance-…), so it is run on an existing cluster only when the command itself names it',
    next: `npm run bench -- --official --context ${shellWord(named)}, or unset CONFORMANCE_CONTEXT for the managed cluster`,
  });
}

/** @throws Problem when the installed CRDs are of another release than the official suite, which would refuse them */
function demandRelease({ version }: OfficialSuite, { versions }: Target): void {
  const { version: installed } = versions.gatewayApi;
  if (installed === version) return;
  throw new Problem({
    asked: `run the official suite ${version}`,
    got: `Gateway API CRDs ${installed}`,
    cause: 'that suite demands the CRDs of its own release',
    next: 'leave --context away for the managed cluster, which has them',
  });
}

/** @throws Problem when there is nothing to compare */
function demandCases(selection: Selection, only: string[]): void {
  if (selection.compared.length > 0) return;
  throw new Problem({
    asked: `compare the official cases ${only.join(', ')}`,
    got: leftLines(selection).join('; ') || `no official case of ${release} has such a name`,
    cause: 'only what both suites can judge on this cluster is compared',
    next: 'docs/cases.md lists the official cases and which of them are mirrored',
  });
}

/** @returns what is called at the end of what is measured */
function watchProcessors(): () => Effort {
  const [start, before] = [performance.now(), busyFor()];
  return () => ({ seconds: (performance.now() - start) / 1_000, busy: busyFor() - before });
}

/** Seconds that the machine's processors have been busy since it started. */
function busyFor(): number {
  const milliseconds = cpus().flatMap(({ times }) => [times.user, times.nice, times.sys, times.irq]);
  return milliseconds.reduce((sum, each) => sum + each, 0) / 1_000;
}
