import { relative } from 'node:path';
import { Problem } from '../cluster/problem.ts';
import { exitCodeOf } from '../helpers/run/signals.ts';
import { Suites } from '../helpers/run/suites.ts';
import type { CatalogueCase } from '../reports/catalogue.ts';
import { succeeded } from '../reports/ledger.ts';
import { runAt } from '../reports/regression/choose.ts';
import { openHistory, remember } from '../reports/regression/history.ts';
import { knownFailures, outdatedIn } from '../reports/regression/known-failures.ts';
import type { Run } from '../reports/run.ts';
import { mergeFiles } from '../reports/shards/files.ts';
import { mergeShards } from '../reports/shards/merge.ts';
import { findingLines, knownSumLines, sumLine, targetLines } from '../reports/terminal.ts';
import { writeRun } from '../reports/write.ts';

interface Places {
  /** Folder that holds `vitest.config.ts` and `suites/`. */
  root: string;
  /** Folder (absolute) for the run. */
  out: string;
  /** File that the run is appended to. */
  history: string;
}

/**
 * Makes one run of its shards, prints what it found and appends it to the history. Settles when all is written.
 * @param folders what the shards left behind
 * @returns the exit code that one run would have had, for its verdicts: a shard that could not clean up said so itself
 * @throws Problem when the folders are not all the shards of one run of these suites, or one is not whole
 */
export async function mergeRun(folders: string[], { root, out, history }: Places): Promise<number> {
  const parts = folders
    .map((from) => ({ from, run: runAt(from) }))
    .toSorted((a, b) => (a.run.id < b.run.id ? -1 : 1));
  const run = mergeShards(parts);
  const catalogue = await catalogueOf(root);
  demandSameSuites(run, catalogue);
  openHistory(history);
  mergeFiles(parts, out);
  const conformance = writeRun(run, out, catalogue);
  remember(run, history);

  const outdated = outdatedIn(run, knownFailures(), new Date(run.startedAt));
  const lines = [
    ...targetLines(run),
    `Shards     ${folders.length}, put together in ${relative(process.cwd(), out)}`,
    ...findingLines(run, { folder: relative(process.cwd(), out), outdated, conformance }),
    ...knownSumLines(run),
    sumLine(run),
  ];
  for (const line of lines) console.log(line);
  if (run.interrupted) return exitCodeOf(run.interrupted);
  return succeeded(run) ? 0 : 1;
}

async function catalogueOf(root: string): Promise<CatalogueCase[]> {
  const suites = await Suites.open(root, []);
  try {
    return suites.catalogue();
  } finally {
    await suites.close();
  }
}

/** @throws Problem when the run has a case that the suites here have not: the conformance report goes by them */
function demandSameSuites({ cases }: Run, catalogue: CatalogueCase[]): void {
  const known = new Set(catalogue.map(({ id }) => id));
  const stranger = cases.find(({ id }) => !known.has(id));
  if (!stranger) return;
  throw new Problem({
    asked: 'put the shards together',
    got: `they have the case ${stranger.id}, and the suites here have not`,
    cause: 'the shards were run on another commit',
    next: 'check that commit out, and merge there',
  });
}
