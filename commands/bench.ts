import { Command, Option } from 'commander';
import { Problem } from '../cluster/problem.ts';
import { interruptible } from './interruptible.ts';
import { type BenchOptions, Measuring, parts } from './measuring.ts';
import { compareWithOfficial, type OfficialOptions } from './official.ts';
import { runCommand } from './run-command.ts';
import { wholeNumber } from './whole-number.ts';

type Options = BenchOptions & { official: boolean } & Pick<
    OfficialOptions,
    'gatewayClass' | 'features' | 'allFeatures' | 'exempt'
  >;

const program = new Command('npm run bench --')
  .description(
    'Times of the cluster and the suites, beside what is promised, the task by hand, the official suite, and the time until the gateway itself serves. Takes the managed cluster down, unless somebody works on it.',
  )
  .option('--rounds <n>', 'how often each figure is taken', wholeNumber, 3)
  .addOption(new Option('--parts <names...>', 'some of it').choices(parts).default(parts))
  .option('--first-build', 'also empty the cache and build everything from source once', false)
  .option('--context <name>', 'an existing cluster instead of the managed one; it is not taken down')
  .addOption(
    new Option(
      '--official',
      "instead: Gateway API's own suite and this one on the same cases, once, verdicts and times side by side; takes nothing down",
    )
      .default(false)
      .conflicts(['rounds', 'firstBuild', 'parts']),
  )
  .option('--only <names...>', 'of the official cases those whose short names hold one of these')
  .option('--gateway-class <name>', 'with --official: GatewayClass to test on the existing cluster')
  .option('--features <list>', 'with --official: what the implementation has beside the core ones')
  .option('--all-features', 'with --official: the implementation has all that there are')
  .option('--exempt <list>', 'with --official: features that it has not, after all')
  .action(async (options: Options) => {
    const { official, only = [] } = options;
    if (official) process.exitCode = (await compareWithOfficial({ ...options, only })).exitCode;
    else process.exitCode = await bench(options);
  });

await runCommand(program);

async function bench(options: Options): Promise<number> {
  demandFitting(options);
  const work = async (signal: AbortSignal): Promise<number> => {
    await new Measuring(options, signal).all();
    return 0;
  };
  return interruptible('what is measured', work, (exitCode) => exitCode);
}

/** @throws Problem for an option that means nothing for what is measured */
function demandFitting(options: Options): void {
  const { context, firstBuild, only, parts: chosen } = options;
  const unfit = [
    ...(['gatewayClass', 'features', 'allFeatures', 'exempt'] as const)
      .filter((name) => options[name] !== undefined)
      .map((name) => [
        `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        'no --official beside it',
      ]),
    ...(firstBuild && context !== undefined ? [['--first-build', '--context is beside it']] : []),
    ...(firstBuild && !chosen.includes('cluster')
      ? [['--first-build', 'the part cluster is not asked for']]
      : []),
    ...(only !== undefined && !chosen.includes('official')
      ? [['--only', 'the part official is not asked for']]
      : []),
  ];
  const [[option = '', got = ''] = []] = unfit;
  if (option === '') return;
  throw new Problem({
    asked: `run the bench with ${option}`,
    got,
    cause: `${option} is for ${option !== '--first-build' ? 'the comparison with the official suite' : 'the managed cluster, which is taken down for it'}`,
    next: 'npm run bench -- --help',
  });
}
