import { appendFileSync } from 'node:fs';
import { $, ProcessOutput } from 'zx';
import { inCache } from './cache.ts';
import { ownerMark } from './orphans.ts';
import { Problem } from './problem.ts';

$.verbose = false;
$.quiet = true;

const running = new AbortController();

/** Ends every program that runs now: what they were for has failed. */
export const endPrograms = () => running.abort();

/** Where the full output of a step goes. */
const logOf = (step: string) => inCache('logs', `${step}.log`);

/**
 * A zx shell whose commands and output go to the step's log in the cache, never to the terminal.
 * @param onLine called with every line of output, for progress
 */
export function shell(step: string, env: NodeJS.ProcessEnv = {}, onLine?: (line: string) => void): typeof $ {
  const log = logOf(step);
  let rest = '';
  return $({
    verbose: true,
    quiet: false,
    env: { ...process.env, ...env, ...ownerMark },
    signal: running.signal,
    log: (entry) => {
      if (entry.kind === 'cmd') appendFileSync(log, `\n${new Date().toISOString()} $ ${entry.cmd}\n`);
      if (entry.kind !== 'stdout' && entry.kind !== 'stderr') return;
      appendFileSync(log, entry.data);
      if (!onLine) return;
      const lines = (rest + entry.data.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    },
  }) as typeof $;
}

/** Turns a program's failure into a Problem that quotes its last words and names the step's log. */
export function explain(step: string, asked: string, error: unknown, next?: string): Problem {
  if (error instanceof Problem) return error;
  const output = error instanceof ProcessOutput ? `${error.stderr}\n${error.stdout}`.trim() : String(error);
  return new Problem({
    asked,
    got: output.split('\n').slice(-6).join('\n') || 'no output',
    cause: `see the full log in ${logOf(step)}`,
    next: next ?? 'npm run cluster -- doctor',
  });
}
