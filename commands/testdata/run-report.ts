import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../report.ts', import.meta.url));

/**
 * What `npm run report` with these arguments says, and the code that it exits with.
 * @param folder where its history is: `history.jsonl`
 */
export function runReport(
  folder: string,
  ...args: string[]
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    env: { ...process.env, CONFORMANCE_HISTORY: join(folder, 'history.jsonl'), NO_COLOR: '1' },
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}
