import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from 'zx';
import type { Trust } from './browser.ts';

/**
 * Makes a Chromium whose HOME is this folder trust an authority, beside those that it comes with: on Linux it reads
 * the NSS database of its user. It must not run yet. Nobody else's trust changes.
 * @param authority certificate, PEM
 * @see https://chromium.googlesource.com/chromium/src/+/main/docs/linux/cert_management.md
 */
export async function trustAuthority(
  home: string,
  { certutil, env }: Exclude<Trust, { none: string }>,
  authority: string,
): Promise<void> {
  // newer ones have their own under XDG_DATA_HOME, and take this one where it is there
  const database = join(home, '.pki/nssdb');
  await mkdir(database, { recursive: true });
  const run = $({ env: { ...process.env, ...env }, quiet: true, input: authority });
  await run`${certutil} -N -d ${`sql:${database}`} --empty-password`;
  await run`${certutil} -A -d ${`sql:${database}`} -n authority -t C,, -a`;
}
