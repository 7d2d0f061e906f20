import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Disturbed } from '../cluster/disturb/disturbance.ts';
import { type DisturbanceName, disturbances } from '../cluster/disturb/index.ts';
import { findEngine } from '../cluster/engine/find.ts';
import { up } from '../cluster/up.ts';
import { Kube } from '../helpers/kube/client.ts';
import { defaultTimeouts } from '../helpers/timeouts.ts';
import { outputs } from '../reports/outputs.ts';
import type { Run } from '../reports/run.ts';
import { isSound, type Soaked, soakedLines, soakSumLine } from '../reports/soak.ts';
import { runCommand } from './run-command.ts';
import { startSuites } from './suite-run.ts';
import { wholeNumber } from './whole-number.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'reports/out/soak');
/** Another run on the same cluster at the same time, which is soaked as well. */
const second = 'second-run';
type Choice = DisturbanceName | typeof second;
const choices = [...(Object.keys(disturbances) as DisturbanceName[]), second] as const;

interface Options {
  runs: number;
  disturb: Choice[];
  seed: number;
}

const program = new Command('npm run soak --')
  .description(
    'Runs the suites again and again on the managed cluster while it is disturbed, and counts what they take for faults of the gateway.',
  )
  .argument('[filters...]', 'cases to run, as npm test has them; all without one')
  .option('--runs <n>', 'how often', wholeNumber, 10)
  .addOption(
    new Option('--disturb <names...>', 'what happens meanwhile, one of them a run, in turn; cores always')
      .choices(choices)
      .default(choices),
  )
  .option('--seed <n>', 'decides when what happens', wholeNumber, 1)
  .action(async (filters: string[], options: Options) => {
    process.exitCode = await soak(filters, options);
  });

await runCommand(program);

/** @returns the exit code: 0 when no run told of a fault */
async function soak(filters: string[], { runs, disturb, seed }: Options): Promise<number> {
  const target = await up();
  const startEngine = await findEngine();
  const engine = await startEngine();
  const generator = xoroshiro128plus(seed);
  const kube = new Kube(target, defaultTimeouts.api, defaultTimeouts.away);
  const disturbed = { kube, engine, random: () => uniformFloat64(generator) };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const all: Soaked[] = [];
  try {
    for (let number = 1; number <= runs; number++) {
      const chosen = disturb[(number - 1) % disturb.length] as Choice;
      const round = await oneRound(number, filters, [...new Set(['cores', chosen] as const)], disturbed);
      all.push(...round);
      for (const line of round.flatMap((soaked) => soakedLines(number, soaked))) console.log(line);
      await writeFile(join(folder, 'soak.json'), JSON.stringify({ format: 1, seed, runs: all }));
    }
  } finally {
    await kube.close();
  }
  console.log(soakSumLine(all));
  return isSound(all) ? 0 : 1;
}

/** Settles when the run, or both, have ended and all that disturbed them is taken back. */
async function oneRound(
  number: number,
  filters: string[],
  chosen: Choice[],
  disturbed: Disturbed,
): Promise<Soaked[]> {
  console.log(`run ${number}: ${chosen.join(', ')}`);
  const began = performance.now();
  const done: Record<string, number> = {};
  const over = new AbortController();
  const runs = [
    start(`run-${number}`, filters),
    ...(chosen.includes(second) ? [start(`run-${number}-too`, filters)] : []),
  ];
  const ended = Promise.all(runs.map((run) => run.ended));
  await Promise.race([ended, Promise.all(runs.map(({ begun }) => begun))]);
  const disturbing = Promise.all(
    chosen
      .filter((name) => name !== second)
      .map((name) =>
        disturbances[name](disturbed, over.signal, (what) => {
          done[what] = (done[what] ?? 0) + 1;
        }),
      ),
  );
  try {
    // one that fails ends the soak: a run that nothing disturbs proves nothing
    await Promise.race([ended, disturbing.then(() => ended)]);
  } finally {
    for (const { end } of runs) end();
    over.abort();
    await disturbing;
  }
  const seconds = (performance.now() - began) / 1_000;
  return Promise.all(
    runs.map(async ({ out }) => ({ disturbances: chosen, done, seconds, run: await readRun(out) })),
  );
}

/** `begun` settles when its cases begin: what was before is not soaked. */
function start(name: string, filters: string[]) {
  const { run, ...others } = startSuites(folder, name, { filters });
  const begun = new Promise<void>((resolve) => {
    run.stdout.on('data', (text) => /^Reach /m.test(String(text)) && resolve());
  });
  return { ...others, begun, end: () => run.kill() };
}

async function readRun(out: string): Promise<Run | undefined> {
  const text = await readFile(join(out, outputs.run), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Run);
}
