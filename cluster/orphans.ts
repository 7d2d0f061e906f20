import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { cacheDir } from './cache.ts';

const name = 'INGRESS_CONFORMANCE_OWNER';

/** Marks a program as started by this process, for whoever has to end what a killed process left running. */
export const ownerMark = { [name]: `${process.pid} ${cacheDir}` };

/** For what outlives whoever starts it, which may have been started by a process of this project itself. */
export const noOwner = { [name]: undefined };

/**
 * Ends programs (compilers, package tools) that a killed run with this cache left running. Call it with the lock
 * held. Linux only: elsewhere they end by themselves.
 */
export async function endOrphans(): Promise<void> {
  if (process.platform !== 'linux') return;
  for (const { pid, value } of await processesMarked(name)) {
    const [, owner = '', cache] = /^(\d+) (.*)/.exec(value) ?? [];
    if (cache !== cacheDir || pid === process.pid || existsSync(`/proc/${owner}`)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
}

/** The processes that have a variable in their environment, with its value. Linux only. */
export async function processesMarked(variable: string): Promise<{ pid: number; value: string }[]> {
  const found: { pid: number; value: string }[] = [];
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    // a process that ends meanwhile, or is somebody else's, cannot be read
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const mark = environment.split('\0').find((entry) => entry.startsWith(`${variable}=`));
    if (mark) found.push({ pid: Number(pid), value: mark.slice(variable.length + 1) });
  }
  return found;
}
