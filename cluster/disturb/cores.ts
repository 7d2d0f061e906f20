import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';

/** Keeps every core busy with other work, at the priority that a run has. */
export async function cores(_: unknown, signal: AbortSignal, done: (what: string) => void): Promise<void> {
  const burners = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  done(`keeps ${burners.length} cores busy`);
  if (!signal.aborted) await once(signal, 'abort');
  for (const burner of burners) burner.kill('SIGKILL');
}
