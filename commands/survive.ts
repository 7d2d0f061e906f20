import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { processesMarked } from '../cluster/orphans.ts';
import { up } from '../cluster/up.ts';
import { Kube } from '../helpers/kube/client.ts';
import { describe, refOf } from '../helpers/kube/objects.ts';
import { RUN_LABEL } from '../helpers/labels.ts';
import { clusterScopedKinds, namespaceKind } from '../helpers/run/remove.ts';
import { runCommand } from './run-command.ts';
import { startSuites } from './suite-run.ts';
import { wholeNumber } from './whole-number.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'reports/out/survive');
const signals = ['SIGKILL', 'SIGINT', 'SIGTERM'] as const;
/** Milliseconds that a run which was told to end may take for it. */
const toEnd = 90_000;
/** By which the processes of these runs are known, theirs too that a killed one left. */
const mark = { name: 'INGRESS_CONFORMANCE_SURVIVE', value: randomUUID() };

interface Options {
  times: number;
  seed: number;
}

const program = new Command('npm run survive --')
  .description(
    'Ends runs of the suites at random moments on the managed cluster, and demands that the next one is right and nothing is left of them.',
  )
  .argument('[filters...]', 'cases to run, as npm test has them; all without one')
  .option('--times <n>', 'how many runs are ended', wholeNumber, 30)
  .option('--seed <n>', 'decides when, and by which signal', wholeNumber, 1)
  .action(async (filters: string[], options: Options) => {
    process.exitCode = await survive(filters, options);
  });

await runCommand(program);

/** @returns the exit code: 0 when the run after all that were ended succeeded, and nothing is left */
async function survive(filters: string[], { times, seed }: Options): Promise<number> {
  const target = await up();
  const generator = xoroshiro128plus(seed);
  await rm(folder, { recursive: true, force: true });
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const began = performance.now();
  const [sound] = await start('first').ended;
  const whole = performance.now() - began;
  console.log(`a run that nobody ends: exit code ${sound} after ${(whole / 1_000).toFixed(1)} s`);
  for (let number = 1; number <= times; number++) {
    const signal = signals[Math.floor(uniformFloat64(generator) * signals.length)] as NodeJS.Signals;
    const after = uniformFloat64(generator) * whole;
    const { run, ended } = start(`${number}`);
    await Promise.race([pause(after), ended]);
    run.kill(signal);
    const end = await Promise.race([ended, pause(toEnd, undefined, { ref: false })]);
    console.log(
      `${number}: ${signal} after ${(after / 1_000).toFixed(1)} s: ${end ? endOf(end) : 'did not end'}`,
    );
    if (!end) run.kill('SIGKILL');
  }
  const { ended } = start('last');
  const [exit] = await ended;
  console.log(
    `the run after them: ${endOf([exit, null])}; ${relative(process.cwd(), join(folder, 'last.log'))}`,
  );
  const left = [...(await inCluster()), ...(await processes()), ...(await readdir(temporary))];
  for (const each of left) console.log(`left      ${each}`);
  return sound === 0 && exit === 0 && left.length === 0 ? 0 : 1;

  function start(name: string) {
    return startSuites(folder, name, { filters, env: { TMPDIR: temporary, [mark.name]: mark.value } });
  }

  async function inCluster(): Promise<string[]> {
    const logs = (await readdir(folder)).filter((file) => file.endsWith('.log'));
    const texts = await Promise.all(logs.map((file) => readFile(join(folder, file), 'utf8')));
    const ids = texts.flatMap((text) => /^Run +(\w+):/m.exec(text)?.[1] ?? []);
    const kube = new Kube(target);
    try {
      const lists = await Promise.all(
        [namespaceKind, ...clusterScopedKinds].map((kind) =>
          kube.list({ ...kind, labels: `${RUN_LABEL} in (${ids.join(', ')})` }),
        ),
      );
      return lists.flatMap(({ items }) => items.map((object) => describe(refOf(object))));
    } finally {
      await kube.close();
    }
  }
}

function endOf([code, signal]: [number | null, NodeJS.Signals | null]): string {
  return signal ? `ended by ${signal}` : `exit code ${code}`;
}

/** Processes that carry the mark. */
async function processes(): Promise<string[]> {
  const marked = (await processesMarked(mark.name)).filter(({ value }) => value === mark.value);
  return Promise.all(
    marked.map(async ({ pid }) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return `process ${pid}: ${command.replaceAll('\0', ' ').slice(0, 100)}`;
    }),
  );
}
