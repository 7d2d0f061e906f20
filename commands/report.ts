import { existsSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { Problem } from '../cluster/problem.ts';
import { outputs } from '../reports/outputs.ts';
import { chooseRun, lastTwo } from '../reports/regression/choose.ts';
import { compare } from '../reports/regression/compare.ts';
import { type History, mergeHistories, readHistory } from '../reports/regression/history.ts';
import { comparisonHtml } from '../reports/regression/html.ts';
import { knownFailures } from '../reports/regression/known-failures.ts';
import { comparisonMarkdown } from '../reports/regression/markdown.ts';
import { type FailOn, failOnChoices, readPolicy } from '../reports/regression/policy.ts';
import { comparisonLines, historyLines } from '../reports/regression/text.ts';
import { historyOption } from './history-option.ts';
import type { IssueOptions } from './nightly-issue.ts';
import { runCommand } from './run-command.ts';

interface CompareOptions {
  history: string;
  failOn: FailOn;
  markdown?: string;
  html?: string;
  json?: string;
}

interface BuildOptions {
  history: string;
  singleFile: boolean;
  output?: string;
}

const defaultFolder = join(import.meta.dirname, '../reports/out');

const program = new Command('npm run report --').description('Reports on the runs of npm test.');

program
  .command('compare')
  .description('Says what changed between two runs; exits with 1 when it is not as the policy wants it.')
  .argument('[old]', 'a run.json, a folder with one, the id of a run of the history, or a version there')
  .argument('[new]', 'likewise; without the two: the last two runs of the history')
  .addOption(historyOption())
  .addOption(
    new Option(
      '--fail-on <what>',
      'regression: what reports/policy.yaml does not allow; any: whatever is not well',
    )
      .choices(failOnChoices)
      .default('regression'),
  )
  .option('--markdown <file>', 'write it there as well, for a pull request or the summary of a job')
  .option('--html <file>', 'and there, as one page')
  .option('--json <file>', 'and there, for other programs')
  .action(
    async (old: string | undefined, now: string | undefined, options: CompareOptions, command: Command) => {
      if (old !== undefined && now === undefined) command.error("error: missing required argument 'new'");
      const history = opened(options.history);
      const [before, after] =
        old === undefined || now === undefined
          ? lastTwo(history, relative(process.cwd(), options.history))
          : [chooseRun(old, history), chooseRun(now, history)];
      const comparison = compare(before, after, {
        history,
        known: knownFailures(),
        policy: readPolicy(),
        failOn: options.failOn,
        at: new Date(),
      });
      for (const line of comparisonLines(comparison)) console.log(line);
      await write(options.markdown, () => comparisonMarkdown(comparison));
      await write(options.html, () => comparisonHtml(comparison));
      await write(options.json, () => `${JSON.stringify(comparison, undefined, 2)}\n`);
      process.exitCode = comparison.outcome.passed ? 0 : 1;
    },
  );

program
  .command('history')
  .description('Lists the runs of the history, the newest last.')
  .addOption(historyOption())
  .action(({ history }: { history: string }) => {
    for (const line of historyLines(opened(history))) console.log(line);
  });

program
  .command('merge')
  .description(
    'Folders: makes one run of all the shards of one, and exits as it would have. Histories: appends to the history what they have and it has not.',
  )
  .argument('<paths...>', 'the folders that the shards of a run left, or histories of other machines')
  .option('--out <folder>', 'for the run that is made of the shards', defaultFolder)
  .addOption(historyOption())
  .action(async (paths: string[], { out, history }: { out: string; history: string }) => {
    if (!areFolders(paths)) return mergeOthers(history, paths);
    // needs the suites, which compare does not
    const { mergeRun } = await import('./merge-run.ts');
    process.exitCode = await mergeRun(paths, {
      root: join(import.meta.dirname, '..'),
      out: resolve(out),
      history,
    });
  });

program
  .command('issue')
  .description(
    "Decides what is to be done about the nightly's issue, and writes its text: body.md, comment.md. On stdout for $GITHUB_OUTPUT: action (open, update, close, nothing), number and title.",
  )
  .requiredOption('--matrix <file>', 'of the nightly')
  .requiredOption('--runs <folder>', 'that has the runs of the targets, each in a folder "run-<target>"')
  .requiredOption('--issues <file>', 'what gh issue list --json number,body says')
  .requiredOption('--link <url>', 'to the run of the workflow')
  .requiredOption('--out <folder>', 'for the texts')
  .action(async (options: IssueOptions) => {
    const { decideIssue } = await import('./nightly-issue.ts');
    const { outputs: lines, why } = await decideIssue(options);
    for (const line of lines) console.log(line);
    console.error(why);
  });

program
  .command('build')
  .description("Builds Allure's report of a run, for any web server; or one file, for an e-mail.")
  .argument('[folder]', 'what a run left behind', defaultFolder)
  .option('--single-file', 'one HTML file that has all in it', false)
  .option('--output <path>', 'where to (default: allure-report or allure-report.html in the folder)')
  .addOption(historyOption())
  .action(async (folder: string, options: BuildOptions) => {
    console.log(relative(process.cwd(), await build(folder, options)));
  });

program
  .command('open')
  .description("Builds Allure's report of a run and shows it in the browser, until Ctrl-C.")
  .argument('[folder]', 'what a run left behind', defaultFolder)
  .addOption(new Option('--port <number>', 'of 127.0.0.1').default(4173).argParser(Number))
  .addOption(historyOption())
  .action(async (folder: string, { history, port }: { history: string; port: number }) => {
    const report = await build(folder, { history, singleFile: false });
    const { showReport } = await import('../reports/allure/show.ts');
    const { url } = await showReport(report, port);
    console.log(`${url} shows ${relative(process.cwd(), report)}; Ctrl-C ends it`);
  });

program
  .command('matrix')
  .description('Lays cases and runs out as one page, to be searched: what passes where, and how fast.')
  .argument('[runs...]', 'as for compare; without any: the last run on each target of the history')
  .option('--output <file>', 'where to', join(defaultFolder, outputs.matrix))
  .addOption(historyOption())
  .action(async (names: string[], { history: file, output }: { history: string; output: string }) => {
    const history = opened(file);
    const { columnsOf } = await import('../reports/matrix/columns.ts');
    const { matrixPage } = await import('../reports/matrix/page.ts');
    const runs =
      names.length === 0
        ? columnsOf(history, relative(process.cwd(), file))
        : names.map((name) => chooseRun(name, history));
    await write(output, () => matrixPage([...new Map(runs.map((run) => [run.id, run])).values()]));
    console.log(relative(process.cwd(), output));
  });

/** @returns where the report is */
async function build(
  folder: string,
  { history, singleFile, output }: Omit<BuildOptions, 'output'> & { output?: string },
): Promise<string> {
  demandFolder(folder);
  const run = chooseRun(folder, []);
  const { buildReport } = await import('../reports/allure/build.ts');
  const into = resolve(output ?? join(folder, singleFile ? outputs.allureFile : outputs.allureReport));
  await buildReport(run, { out: folder, history: opened(history), into, singleFile });
  return into;
}

function demandFolder(folder: string): void {
  if (existsSync(folder)) return;
  throw new Problem({
    asked: 'build the Allure report',
    got: `there is no ${relative(process.cwd(), folder)}`,
    cause: 'no run was made here, or the name is mistyped',
    next: 'npm test, which leaves its results in reports/out',
  });
}

function mergeOthers(history: string, files: string[]): void {
  const { added, lost } = mergeHistories(history, files);
  for (const line of lost) console.error(`No run in ${line}`);
  console.log(`runs added to ${relative(process.cwd(), history)}: ${added}`);
}

/**
 * @returns whether the paths are folders; if not, they are files
 * @throws Problem when one is not there, or they are some of each
 */
function areFolders(paths: string[]): boolean {
  const asked = `merge ${paths.join(', ')}`;
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length > 0) {
    throw new Problem({
      asked,
      got: `there is no ${missing.join(', ')}`,
      cause: 'the name is mistyped, or the machine that it is of made no run',
      next: 'name all the shards of a run, or the histories that are there; nothing was merged',
    });
  }
  const folders = paths.filter((path) => statSync(path).isDirectory());
  if (folders.length > 0 && folders.length < paths.length) {
    throw new Problem({
      asked,
      got: `of these ${folders.join(', ')} are folders, and the others are files`,
      cause: 'folders are shards of a run, and files are histories',
      next: 'merge the shards first, and then the histories',
    });
  }
  return folders.length > 0;
}

/** The runs of the history; what could not be read of it is said. */
function opened(file: string): History['runs'] {
  const { runs, lost } = readHistory(file);
  for (const line of lost) console.error(`No run in ${line}`);
  return runs;
}

async function write(file: string | undefined, text: () => string): Promise<void> {
  if (file === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text());
}

await runCommand(program);
