import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const root = join(import.meta.dirname, '..');

interface SuiteRun {
  run: ChildProcessByStdio<null, Readable, Readable>;
  /** Where its reports go. */
  out: string;
  ended: Promise<[number | null, NodeJS.Signals | null]>;
}

/** Arguments of Node.js for what `npm test` starts. */
export const runner = ['--max-semi-space-size=4', 'commands/test.ts'];

/**
 * Starts a run of the suites on the managed cluster, with its output in a log and its reports in a folder of its own.
 * @param folder that has both, `NAME.log` and `NAME`, and the history of all its runs
 * @param env beside this process's own variables
 */
export function startSuites(
  folder: string,
  name: string,
  { filters, env = {} }: { filters: string[]; env?: NodeJS.ProcessEnv },
): SuiteRun {
  const out = join(folder, name);
  const log = createWriteStream(join(folder, `${name}.log`));
  const places = ['--out', out, '--history', join(folder, 'history.jsonl')];
  const run = spawn(process.execPath, [...runner, ...filters, ...places], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  run.stderr.pipe(log);
  run.stdout.pipe(log);
  return { run, out, ended: once(run, 'exit') as SuiteRun['ended'] };
}
