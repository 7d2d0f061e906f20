import { readFile } from 'node:fs/promises';

/**
 * The process that a file of the engine names.
 * @returns undefined where it has ended: a pid file that outlived a reboot or a crash may name somebody else's by now
 */
export async function engineProcess(pidFile: string): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => 0));
  const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return /^(dockerd|containerd)/.test(command) ? pid : undefined;
}
