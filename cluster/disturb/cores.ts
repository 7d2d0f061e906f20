import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';

/** Ends when its parent does, however that ends. */
const burner = `while (process.ppid === ${process.pid}) for (let i = 0; i < 1e8; i++);`;

/** Keeps every core busy with other work, at the priority that a run has. */
export async function cores(_: unknown, signal: AbortSignal, done: (what: string) => void): Promise<void> {
  const burners = cpus().map(() => spawn(process.execPath, ['-e', burner], { stdio: 'ignore' }));
  done(`keeps ${burners.length} cores busy`);
  if (!signal.aborted) await once(signal, 'abort');
  for (const each of burners) each.kill('SIGKILL');
}
