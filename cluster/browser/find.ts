import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { $, ProcessOutput, which } from 'zx';
import { Problem } from '../problem.ts';
import type { Browser, NoBrowser, Trust } from './browser.ts';
import { hasApt, type Unpacked, unpacked } from './debian.ts';
import { profilesFolder } from './profiles.ts';

/** Names this machine's browser, before any other is looked for. */
const variable = 'CONFORMANCE_BROWSER';

const onPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Where its installer puts it on macOS, whose PATH does not have it. */
const installed = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Where Playwright keeps its browsers, unless PLAYWRIGHT_BROWSERS_PATH says otherwise. */
const downloads = () =>
  ['.cache', 'Library/Caches', 'AppData/Local'].map((caches) =>
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), caches), 'ms-playwright'),
  );

const ways = `install chromium or google-chrome, or run npx playwright-core install chromium, or set ${variable} to the path of one`;

interface Found extends Pick<Browser, 'executable' | 'env' | 'line'> {
  /** Other programs of Debian's that came with it. */
  beside?: Unpacked;
}
type Say = (line: string) => void;

/**
 * The Chromium to test with: the one of CONFORMANCE_BROWSER, else Chromium or Chrome on the PATH, else Playwright's
 * own, else Debian's, which is fetched and unpacked into the cache the first time. Nothing is installed.
 * @param say is told, a line each, what is fetched and waited for
 * @returns why there is none, where there is none
 * @throws Problem when CONFORMANCE_BROWSER names something that is no such browser
 */
export async function findBrowser(say: Say): Promise<Browser | NoBrowser> {
  const found = (await named()) ?? (await present()) ?? (await debians(say));
  if ('none' in found) return found;
  const { beside, ...browser } = found;
  const [trust, profiles] = await Promise.all([findTrust(beside, say), profilesFolder()]);
  return { ...browser, trust, profiles };
}

async function named(): Promise<Found | undefined> {
  const executable = process.env[variable];
  if (!executable) return undefined;
  const version = await versionOf(executable);
  if (version !== undefined) return { executable, env: {}, line: `${version}, of ${variable}` };
  throw new Problem({
    asked: `use the browser ${variable}=${executable}`,
    got: existsSync(executable)
      ? `${executable} --version says nothing of a Chromium`
      : 'there is no such file',
    cause: 'it has to be the path of a Chromium or Chrome that starts on this machine',
    next: `correct ${variable}, or unset it to let one be found`,
  });
}

async function present(): Promise<Found | undefined> {
  const paths = await Promise.all(onPath.map((name) => which(name, { nothrow: true })));
  for (const executable of [...paths, ...installed]) {
    const version = executable && existsSync(executable) ? await versionOf(executable) : undefined;
    if (executable && version !== undefined)
      return { executable, env: {}, line: `${version}, ${executable}` };
  }
  return playwrights();
}

/** The one that `playwright-core install chromium` fetches for the version that this project has. */
async function playwrights(): Promise<Found | undefined> {
  // the library takes a third of a second to load
  if (!process.env.PLAYWRIGHT_BROWSERS_PATH && !downloads().some((folder) => existsSync(folder)))
    return undefined;
  const { chromium } = await import('playwright-core');
  const executable = chromium.executablePath();
  const version = existsSync(executable) ? await versionOf(executable) : undefined;
  return version === undefined ? undefined : { executable, env: {}, line: `${version}, Playwright's own` };
}

async function debians(say: Say): Promise<Found | NoBrowser> {
  const nothing = 'there is no Chromium or Chrome on the PATH';
  if (!(await hasApt())) return { none: `${nothing}: ${ways}` };
  try {
    const found = (await debiansOwn(say)) ?? (await debiansOwn(say, { anew: true }));
    return found ?? { none: `${nothing}, and Debian's does not start: ${ways}` };
  } catch (error) {
    return { none: `${nothing}, and Debian's cannot be fetched (${lastWords(error)}): ${ways}` };
  }
}

/** Debian's Chromium, unless it does not start: it was unpacked when the machine had other libraries. */
async function debiansOwn(say: Say, { anew = false } = {}): Promise<Found | undefined> {
  if (anew) await rm((await unpacked('chromium', say)).root, { recursive: true });
  const beside = await unpacked('chromium', say);
  const { root, env } = beside;
  // the program itself: its wrapper looks for it where the package would be installed
  const executable = join(root, 'usr/lib/chromium/chromium');
  const version = await versionOf(executable, env);
  if (version === undefined) return undefined;
  return { executable, env, line: `${version}, Debian's, in ${root}`, beside };
}

async function findTrust(beside: Unpacked | undefined, say: Say): Promise<Trust> {
  if (process.platform !== 'linux')
    return { none: `on ${process.platform} Chromium trusts what the system trusts, which is left alone` };
  const certutil = await which('certutil', { nothrow: true });
  if (certutil !== null) return { certutil, env: {} };
  const nothing = 'certutil writes the database of authorities that Chromium trusts, and is not on the PATH';
  const install = 'install libnss3-tools (Debian, Ubuntu), nss-tools (Fedora) or nss (Arch)';
  if (!(await hasApt())) return { none: `${nothing}: ${install}` };
  try {
    const { root, env } = beside ?? (await unpacked('certutil', say));
    return { certutil: join(root, 'usr/bin/certutil'), env };
  } catch (error) {
    return { none: `${nothing}, and Debian's cannot be fetched (${lastWords(error)}): ${install}` };
  }
}

/** `Chromium 156.0.8078.79`; undefined when the program does not start, or is none. */
async function versionOf(executable: string, env: Record<string, string> = {}): Promise<string | undefined> {
  const options = { env: { ...process.env, ...env }, nothrow: true, quiet: true, timeout: '10s' } as const;
  const { stdout, exitCode } = await $(options)`${executable} --version`;
  const [version] = /(Chromium|Chrome)[^\d\n]*\d+(\.\d+)+/.exec(stdout) ?? [];
  return exitCode === 0 ? version : undefined;
}

function lastWords(error: unknown): string {
  if (!(error instanceof ProcessOutput)) return String(error);
  const lines = error.stderr.split('\n').filter((line) => line.startsWith('E: '));
  return lines.at(-1) ?? error.stderr.trim().split('\n').at(-1) ?? `exit code ${error.exitCode}`;
}
