import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { AllureReport } from '@allurereport/core';
import AwesomePlugin from '@allurereport/plugin-awesome';
import { Problem } from '../../cluster/problem.ts';
import { outputs } from '../outputs.ts';
import type { Run } from '../run.ts';
import { categoriesOf } from './categories.ts';
import { demandResults } from './demand.ts';
import { allureHistory } from './history.ts';
import { OfflineFiles } from './offline.ts';

/** The page of a report, also of one that is a folder. */
const page = 'index.html';

/** How many earlier runs a report shows; a file that is mailed has to stay small. */
const kept = 20;
const mailed = 5;

interface Building {
  /** The run's folder, with its results. */
  out: string;
  /** Earlier runs. */
  history: Run[];
  /** Where to: a folder, or the file. What is there of an earlier report goes. */
  into: string;
  singleFile: boolean;
}

/**
 * Builds Allure's report of a run, without a network and without a word to anybody. Settles when it is there, whole.
 * @throws Error when Allure did not write all of it
 * @throws Problem when the results are not all there, or something else is where it is to be
 */
export async function buildReport(run: Run, { out, history, into, singleFile }: Building): Promise<void> {
  demandResults(run, out);
  demandPlace(into, singleFile);
  const work = await mkdtemp(join(tmpdir(), 'conformance-allure-'));
  const built = join(dirname(into), `.allure-report-${process.pid}`);
  try {
    await mkdir(built, { recursive: true });
    const historyPath = join(work, 'history.jsonl');
    await writeFile(historyPath, allureHistory(history, run, singleFile ? mailed : kept));
    const options = { singleFile, groupBy: ['epic', 'feature', 'story'], theme: 'auto' as const };
    const files = new OfflineFiles(built);
    const report = new AllureReport({
      name: nameOf(run),
      output: built,
      open: false,
      port: undefined,
      reportFiles: files,
      plugins: [{ id: 'awesome', enabled: true, options, plugin: new AwesomePlugin(options) }],
      categories: categoriesOf(run),
      historyPath,
      appendHistory: false,
    });
    await report.start();
    await report.readDirectory(join(out, outputs.allure));
    await report.done();
    if (files.refused) throw files.refused;
    await demandWhole(built, run);
    await rm(into, { recursive: true, force: true });
    await rename(singleFile ? join(built, page) : built, into);
  } finally {
    await rm(work, { recursive: true });
    await rm(built, { recursive: true, force: true });
  }
}

/** Allure says what fails while it builds, and goes on as if nothing was. */
async function demandWhole(built: string, { cases }: Run): Promise<void> {
  const summary = JSON.parse(await readFile(join(built, 'summary.json'), 'utf8'));
  const { total } = summary.stats;
  if (total !== cases.length) throw new Error(`Allure's report has ${total} of ${cases.length} cases`);
  if (!existsSync(join(built, page))) throw new Error("Allure's report has no page");
}

/** What was not made here is not taken away. */
function demandPlace(into: string, singleFile: boolean): void {
  if (!existsSync(into)) return;
  const name = relative(process.cwd(), into);
  const refuse = (got: string): never => {
    throw new Problem({
      asked: `build the report into ${name}`,
      got,
      cause: 'what is there would have to be taken away for it',
      next: 'name another place with --output',
    });
  };
  let within: string[] | undefined;
  try {
    within = readdirSync(into);
  } catch {
    // it is a file
  }
  if (singleFile && within) refuse('it is a folder');
  if (!singleFile && !within) refuse('it is a file');
  if (within && within.length > 0 && !within.includes(page)) refuse('it is a folder of something else');
}

function nameOf({ target: { versions } }: Run): string {
  const { implementation, gatewayApi, kubernetes } = versions;
  return `${implementation}, Gateway API ${gatewayApi.version} ${gatewayApi.channel}, Kubernetes ${kubernetes}`;
}
