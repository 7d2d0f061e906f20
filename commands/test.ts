import { enableCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Browser, NoBrowser } from '../cluster/browser/browser.ts';
import type { FeatureOptions } from '../cluster/features/options.ts';
import { shellWord } from '../cluster/preflight/connection.ts';
import { Problem } from '../cluster/problem.ts';
import type { Channel, Target } from '../cluster/target.ts';
import type { RunContext } from '../helpers/context.ts';
import { type ReachChoice, reachChoices } from '../helpers/reach/way.ts';
import type { Suites } from '../helpers/run/suites.ts';
import type { Shard } from '../reports/run.ts';
import { historyOption } from './history-option.ts';
import { runCommand } from './run-command.ts';

type Skips = RunContext['skips'];

interface Options {
  context: string | undefined;
  provision: boolean;
  gatewayClass: string | undefined;
  channel: Channel | undefined;
  images: 'auto' | 'registry' | 'source' | undefined;
  reach: ReachChoice;
  features: string | undefined;
  allFeatures: boolean;
  exempt: string;
  implementation: string;
  provisional: boolean;
  timeouts: string;
  shard: Shard | undefined;
  out: string | undefined;
  history: string;
  list: boolean;
  prove: boolean;
}

const startedAt = new Date();
const root = fileURLToPath(new URL('..', import.meta.url));

// what follows is imported when it is needed, with the compiled code of earlier runs, also by vitest's workers
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compile');
enableCompileCache(process.env.NODE_COMPILE_CACHE);

// an empty variable is one that is not set: CI systems pass on what they do not have
for (const [name, value] of Object.entries(process.env)) {
  if (name.startsWith('CONFORMANCE_') && value === '') delete process.env[name];
}

const program = new Command('npm test --')
  .description('Runs the conformance cases against a cluster.')
  .argument('[filters...]', 'cases to run: a part of their title, id, file or official name; all without one')
  .addOption(
    new Option('--context <name>', 'an existing cluster instead of the managed kind cluster').env(
      'CONFORMANCE_CONTEXT',
    ),
  )
  .option('--provision', 'install what is missing on the existing cluster', false)
  .option('--gateway-class <name>', 'GatewayClass to test on the existing cluster (default: "istio")')
  .addOption(
    new Option('--channel <channel>', 'of the Gateway API CRDs').choices(['standard', 'experimental']),
  )
  .addOption(
    new Option('--images <where>', 'where the managed cluster gets its images (default: "auto")').choices([
      'auto',
      'registry',
      'source',
    ]),
  )
  .addOption(
    new Option('--reach <way>', 'how the gateways are asked')
      .choices(reachChoices)
      .env('CONFORMANCE_REACH')
      .default('auto'),
  )
  .addOption(
    new Option(
      '--features <list>',
      'what the implementation has beside the core ones: HTTPRouteCORS,ListenerSet',
    )
      .env('CONFORMANCE_FEATURES')
      .conflicts('allFeatures'),
  )
  .addOption(
    new Option('--all-features', 'the implementation has all that there are')
      .env('CONFORMANCE_ALL_FEATURES')
      .default(false),
  )
  .addOption(
    new Option('--exempt <list>', 'features that it has not, after all')
      .env('CONFORMANCE_EXEMPT')
      .default(''),
  )
  .addOption(
    new Option('--provisional', "also the cases that are on trial in Gateway API's own suite")
      .env('CONFORMANCE_PROVISIONAL')
      .default(false),
  )
  .addOption(
    new Option('--implementation <list>', 'for the conformance report: organization=acme,project=gateway,…')
      .env('CONFORMANCE_IMPLEMENTATION')
      .default(''),
  )
  .addOption(
    new Option('--timeouts <list>', 'other deadlines than the usual: programmed=90s,connect=800ms')
      .env('CONFORMANCE_TIMEOUTS')
      .default(''),
  )
  .addOption(
    new Option(
      '--shard <index/count>',
      'a part of the suite files: 1/2, and 2/2 elsewhere or beside it; npm run report -- merge puts them together',
    ).argParser(parseShard),
  )
  .addOption(
    new Option(
      '--out <folder>',
      'for what the run leaves behind (default: "reports/out", and reports/out/shard-1 for shard 1)',
    ).env('CONFORMANCE_OUT'),
  )
  .addOption(historyOption())
  .option('--prove', 'also prove that each case, on trial or not, fails when what it checks is broken', false)
  .option('--list', 'print the cases, with official name, features and group, and run none', false)
  .action(async (filters: string[], options: Options) => {
    process.exitCode = options.list ? await list(filters, options.shard) : await test(filters, options);
  });

await runCommand(program);

async function list(filters: string[], shard: Shard | undefined): Promise<number> {
  const { Suites } = await import('../helpers/run/suites.ts');
  const suites = await Suites.open(root, [], { filters, shard });
  try {
    const selected = suites.selected(filters);
    demandCases(suites, filters, shard);
    for (const { id, official = '-', features, provisional } of selected) {
      console.log([id, official, features.join(',') || '-', provisional ? 'provisional' : '-'].join('\t'));
    }
    for (const [id, reason] of suites.broken) console.error(`${id}: ${reason}`);
    return suites.broken.size === 0 ? 0 : 1;
  } finally {
    await suites.close();
  }
}

async function test(filters: string[], options: Options): Promise<number> {
  const { context } = options;
  demandFitting(options, context);
  const { parseTimeouts } = await import('../helpers/timeouts.ts');
  const timeouts = parseTimeouts(options.timeouts);
  const { chosenFeatures, parseImplementation } = await import('../cluster/features/options.ts');
  const features = await featureOptions(options);
  const about = parseImplementation(options.implementation);
  const { demandKnownCases, knownFailures } = await import('../reports/regression/known-failures.ts');
  const known = knownFailures();
  const { reach, shard } = options;
  const again = [
    context === undefined ? '' : ` --context ${shellWord(context)}`,
    reach === 'auto' ? '' : ` --reach ${reach}`,
  ].join('');

  const opening = open();
  async function open() {
    const [{ Session }, { Suites }] = await Promise.all([
      import('../helpers/run/session.ts'),
      import('../helpers/run/suites.ts'),
    ]);
    const session = new Session({
      out: resolve(options.out ?? join(root, 'reports/out', shard ? `shard-${shard.index}` : '')),
      history: resolve(options.history),
      known,
      filters,
      shard,
      timeouts,
      startedAt,
      reach,
      skips: skipsOf(filters, options),
      proves: options.prove,
      rerun: (id) => `npm test -- ${id}${again}`,
    });
    return { session, suites: await Suites.open(root, session.reporters, { filters, shard }) };
  }
  const demandFit = (suites: Suites) => {
    demandCases(suites, filters, shard);
    // what does not load may have the case
    if (suites.broken.size === 0) demandKnownCases(known, suites.catalogue());
  };
  try {
    // nothing is changed for filters that select no case
    const confirmed = opening.then(({ suites }) => demandFit(suites));
    if (options.provision) await confirmed;
    const finding = find(context, options, confirmed);
    // the managed cluster comes up for a while; a context may be no good, which is known at once
    const begun = context === undefined ? confirmed : Promise.all([confirmed, finding]);
    const [found, browser, { session, suites }] = await Promise.all([
      finding,
      browserFor(opening, filters, begun),
      opening,
    ]);
    if (browser && 'line' in browser) console.log(`browser: ${browser.line}`);
    const target = {
      ...found,
      features: chosenFeatures(found.features, features),
      implementation: { ...found.implementation, ...about },
    };
    return await session.run(suites, target, browser);
  } catch (error) {
    // a browser that is still being fetched would keep this process
    const { endPrograms } = await import('../cluster/shell.ts');
    endPrograms();
    throw error;
  } finally {
    await (await opening).suites.close();
  }
}

async function featureOptions({ features, allFeatures, exempt }: Options): Promise<FeatureOptions> {
  const { parseFeatures } = await import('../cluster/features/options.ts');
  return {
    features: features === undefined ? undefined : parseFeatures('--features', features),
    allFeatures,
    exempt: parseFeatures('--exempt', exempt),
  };
}

/** Who names a case wants it run, whatever the implementation is said to have, unless told otherwise beside it. */
function skipsOf(named: string[], { features, allFeatures, exempt, provisional, prove }: Options): Skips {
  const told = features !== undefined || allFeatures || exempt !== '';
  return { named, unsupported: told ? 'always' : 'unless named', provisional: !provisional && !prove };
}

async function find(
  context: string | undefined,
  { provision, gatewayClass = 'istio', channel, images, reach }: Options,
  confirmed: Promise<void>,
): Promise<Target> {
  if (context === undefined) {
    const { up } = await import('../cluster/up.ts');
    return up({ images, channel, reach, confirmed });
  }
  const { existingTarget } = await import('../cluster/existing/index.ts');
  return existingTarget({ context, provision, gatewayClass, channel, reach });
}

/**
 * @param after what to wait for first
 * @returns undefined when no selected case needs one
 */
async function browserFor(
  opening: Promise<{ suites: Suites }>,
  filters: string[],
  after: Promise<unknown>,
): Promise<Browser | NoBrowser | undefined> {
  await after;
  const selected = (await opening).suites.selected(filters);
  if (!selected.some(({ needs = [] }) => needs.includes('browser'))) return undefined;
  const { findBrowser } = await import('../cluster/browser/find.ts');
  return findBrowser(console.log);
}

/** @throws Problem for an option that means nothing for the kind of target */
function demandFitting({ provision, gatewayClass, images }: Options, context: string | undefined): void {
  const [unfit] =
    context === undefined
      ? [provision && '--provision', gatewayClass !== undefined && '--gateway-class'].filter(Boolean)
      : [images !== undefined && '--images'].filter(Boolean);
  if (!unfit) return;
  throw new Problem({
    asked: `run with ${unfit}`,
    got: context === undefined ? 'no --context beside it' : `--context ${context} beside it`,
    cause: `${unfit} is for ${context === undefined ? 'an existing cluster' : 'the managed kind cluster'}`,
    next: 'npm test -- --help',
  });
}

/** @throws InvalidArgumentError */
function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw new InvalidArgumentError('it is written as 1/2: which one, from 1 on, of how many');
}

/** @throws Problem when no case is selected, or none of the shard */
function demandCases(suites: Suites, filters: string[], shard: Shard | undefined): void {
  if (suites.selected(filters).length > 0) return;
  const asked = filters.length === 0 ? 'run all cases' : `run the cases that match ${filters.join(' or ')}`;
  if (shard && suites.catalogue(filters).length > 0) {
    throw new Problem({
      asked: `${asked}, shard ${shard.index}/${shard.count}`,
      got: 'the shard has none',
      cause: 'whole suite files are dealt, and fewer are selected than there are shards',
      next: 'fewer shards',
    });
  }
  throw new Problem({
    asked,
    got: 'there is none',
    cause: 'a filter is a part of a title, id, file or official name, and nothing has this one',
    next: 'npm test -- --list',
  });
}
