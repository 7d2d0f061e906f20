import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process that holds a run's lease. */
export interface Holder {
  /** Tells apart hosts, boots of a host, and containers that number their processes on their own. */
  host: string;
  pid: number;
  /** When the process started, so that a later process with the same number is not taken for it. */
  start: string;
}

/** This very process. */
export async function thisHolder(): Promise<Holder> {
  return { host: await hostIdentity(), pid: process.pid, start: (await startOf(process.pid)) ?? '' };
}

/** As it stands in the lease's `holderIdentity`: `host/pid/start`. */
export const holderIdentity = ({ host, pid, start }: Holder): string => `${host}/${pid}/${start}`;

/** @returns undefined for a text that holderIdentity did not write */
export function parseHolder(identity: string): Holder | undefined {
  const [, host, pid, start] = /^([^/]+)\/(\d+)\/(\d*)$/.exec(identity) ?? [];
  if (host === undefined || pid === undefined || start === undefined) return undefined;
  return { host, pid: Number(pid), start };
}

/** `alive` and `dead` can be known of a process of this very host only. */
export async function stateOf(holder: Holder): Promise<'alive' | 'dead' | 'unknown'> {
  if (holder.host !== (await hostIdentity())) return 'unknown';
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'dead';
  }
  return (await startOf(holder.pid)) === (holder.start || undefined) ? 'alive' : 'dead';
}

async function hostIdentity(): Promise<string> {
  const marks = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readlink('/proc/self/ns/pid'),
  ]).catch(() => []);
  const [boot = '', processes = ''] = marks;
  return [hostname(), boot.trim().slice(0, 8), processes.replaceAll(/\D/g, '')].filter(Boolean).join('.');
}

/** Clock ticks from boot to the start of the process (proc_pid_stat(5)); undefined where there is no /proc. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // the second field, the command, may hold spaces and parentheses; starttime is the 22nd
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3] || undefined;
}
