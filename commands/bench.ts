import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { cacheDir } from '../cluster/cache.ts';
import { Problem } from '../cluster/problem.ts';
import { shell } from '../cluster/shell.ts';
import type { Run } from '../reports/run.ts';
import { runCommand } from './run-command.ts';
import { wholeNumber } from './whole-number.ts';

const root = join(import.meta.dirname, '..');

/** Seconds each figure may take on two cores, as the project promises it. */
const promised = {
  'first build, empty cache → ready cluster': 720,
  'images → ready cluster': 45,
  'ready cluster → first case': 2,
  'suites/ingress-gateways': 60,
} as const;
type Figure = keyof typeof promised;

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};

const between = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1_000;

const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

const cluster = (command: string) => shell('bench')({ cwd: root })`npm run cluster -- ${command}`;

interface Options {
  rounds: number;
  firstBuild: boolean;
  official: boolean;
  only: string[] | undefined;
  context: string | undefined;
}

const program = new Command('npm run bench --')
  .description(
    'Times of the managed cluster and of the suites, as medians beside what is promised. Takes the cluster down.',
  )
  .option('--rounds <n>', 'how often each figure is taken', wholeNumber, 3)
  .option('--first-build', 'also empty the cache and build everything from source once', false)
  .addOption(
    new Option(
      '--official',
      "instead: Gateway API's own suite and this one on the same cases, verdicts and times side by side; takes nothing down",
    )
      .default(false)
      .conflicts(['rounds', 'firstBuild']),
  )
  .option('--only <names...>', 'with --official: the official cases whose short names hold one of these')
  .option('--context <name>', 'with --official: an existing cluster instead of the managed one')
  .action(async ({ rounds, firstBuild, official, only, context }: Options) => {
    if (official) {
      const { compareWithOfficial } = await import('./official.ts');
      process.exitCode = await compareWithOfficial({ only: only ?? [], context });
      return;
    }
    demandOfficial({ only, context });
    const figures = new Map<Figure, number[]>();
    const note = (figure: Figure, value: number) => {
      figures.set(figure, [...(figures.get(figure) ?? []), value]);
      console.log(`${figure}: ${value.toFixed(1)} s`);
    };

    await cluster('down');
    if (firstBuild) {
      await rm(cacheDir, { recursive: true });
      note('first build, empty cache → ready cluster', await seconds(() => cluster('up')));
    } else await cluster('up');
    for (let round = 0; round < rounds; round++) {
      await cluster('down');
      note('images → ready cluster', await seconds(() => cluster('up')));
    }
    for (let round = 0; round < rounds; round++) {
      await shell('bench')({ cwd: root })`npm test -- suites/ingress-gateways`;
      const run: Run = JSON.parse(await readFile(join(root, 'reports/out/run.json'), 'utf8'));
      if (run.firstCaseAt === undefined) continue;
      note('ready cluster → first case', between(run.readyAt, run.firstCaseAt));
      note('suites/ingress-gateways', between(run.firstCaseAt, run.endedAt));
    }
    console.log(['', ...table(figures)].join('\n'));
  });

function table(figures: Map<Figure, number[]>): string[] {
  return [...figures].map(([figure, values]) => {
    const middle = median(values);
    const spread = `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
    const ratio = (middle / promised[figure]).toFixed(2);
    return `${figure.padEnd(36)} median ${middle.toFixed(1)} s (${spread}, n=${values.length}), ${ratio} of the ${promised[figure]} s promised`;
  });
}

/** @throws Problem for an option that means nothing without --official: without it the managed cluster is taken down */
function demandOfficial(options: Pick<Options, 'only' | 'context'>): void {
  const unfit = (['only', 'context'] as const).find((name) => options[name] !== undefined);
  if (!unfit) return;
  throw new Problem({
    asked: `run the bench with --${unfit}`,
    got: 'no --official beside it',
    cause: `--${unfit} is for the comparison with the official suite`,
    next: 'npm run bench -- --help',
  });
}

await runCommand(program);
