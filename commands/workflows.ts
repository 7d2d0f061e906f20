import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { parse } from 'yaml';
import { Problem } from '../cluster/problem.ts';
import { endPrograms, shell } from '../cluster/shell.ts';
import { runCommand } from './run-command.ts';

/** A step of a workflow that runs commands. */
interface Step {
  /** `nightly/issue/decide`: file, job, and the name in kebab-case. */
  id: string;
  commands: string;
  /** As the workflow, the job and the step set it; values may hold expressions. */
  env: Record<string, string>;
}

interface Part {
  env?: Record<string, string | number>;
}

interface Steps extends Part {
  steps?: (Part & { name?: string; run?: string })[];
}

interface Workflow extends Part {
  jobs?: Record<string, Steps>;
  /** Of an action. */
  runs?: Steps;
}

const root = fileURLToPath(new URL('..', import.meta.url));

const program = new Command('npm run workflows --').description(
  'Runs steps of .github/ here, as far as they need nothing of GitHub.',
);

program
  .command('list')
  .description('Prints all steps that run commands.')
  .action(() => {
    for (const { id, commands, env } of steps()) {
      console.log(id);
      for (const [name, value] of Object.entries(env)) console.log(`    ${name}=${value}`);
      for (const line of commands.trimEnd().split('\n')) console.log(`    $ ${line}`);
    }
  });

program
  .command('run')
  .description(
    'Runs a step as GitHub would: in bash, at the root of the project, ended by the first failure.',
  )
  .argument('<step>', 'as list prints it')
  .argument('[variables...]', 'of its environment, NAME=VALUE; those with expressions have to be given')
  .action(async (id: string, variables: string[]) => {
    process.exitCode = await run(stepOf(id), Object.fromEntries(variables.map(pair)));
  });

function steps(): Step[] {
  const files = globSync('.github/{workflows/*.yml,actions/*/action.yml}', { cwd: root }).toSorted();
  return files.flatMap((file) => {
    const { env = {}, jobs = {}, runs }: Workflow = parse(readFileSync(join(root, file), 'utf8'));
    const workflow = file.replace(/^\.github\/(workflows|actions)\//, '').replace(/(\/action)?\.yml$/, '');
    const all: Record<string, Steps> = runs ? { action: runs } : jobs;
    return Object.entries(all).flatMap(([job, { steps: each = [], env: ofJob }]) =>
      each.flatMap(({ name = '', run: commands, env: own }) => {
        if (commands === undefined) return [];
        const texts = Object.entries({ ...env, ...ofJob, ...own }).map(([key, value]) => [
          key,
          String(value),
        ]);
        return { id: `${workflow}/${job}/${kebab(name)}`, commands, env: Object.fromEntries(texts) };
      }),
    );
  });
}

function stepOf(id: string): Step {
  const step = steps().find((each) => each.id === id);
  if (step) return step;
  throw new Problem({
    asked: `run the step ${id}`,
    got: 'there is none',
    cause: 'a step is named by its file, its job and its name',
    next: 'npm run workflows -- list',
  });
}

/** @returns the exit code */
async function run({ id, commands, env }: Step, variables: Record<string, string>): Promise<number> {
  const merged = { ...env, ...variables };
  const unfilled = Object.entries(merged).filter(([, value]) => value.includes('${{'));
  const open = unfilled.filter(([name]) => new RegExp(`\\$\\{?${name}\\b`).test(commands));
  if (open.length > 0) {
    throw new Problem({
      asked: `run the step ${id}`,
      got: `it has expressions: ${open.map(([name, value]) => `${name} is ${value}`).join(', ')}`,
      cause: 'GitHub fills them in',
      next: `npm run workflows -- run ${id} ${open.map(([name]) => `${name}=…`).join(' ')}`,
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'conformance-step-'));
  const files = ['GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'].map((name) => [
    name,
    join(folder, name),
  ]);
  for (const [name] of unfilled) delete merged[name];
  const given = { RUNNER_TEMP: folder, ...Object.fromEntries(files), ...merged };
  try {
    const $ = shell('workflows', given);
    const ended = await $({
      cwd: root,
      nothrow: true,
      stdio: 'inherit',
    })`bash --noprofile --norc -e -o pipefail -c ${commands}`;
    console.error(`exit code ${ended.exitCode}; its output, summary and temporary files are in ${folder}`);
    return ended.exitCode ?? 1;
  } finally {
    endPrograms();
  }
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new Problem({
    asked: `set the variable "${text}"`,
    got: 'it has no value',
    cause: 'it is written as NAME=VALUE',
    next: 'npm run workflows -- run --help',
  });
}

const kebab = (text: string): string => (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).join('-');

await runCommand(program);
