import { mkdtemp, rm } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { Browser } from '../../cluster/browser/browser.ts';
import { Problem } from '../../cluster/problem.ts';
import type { Timeouts } from '../timeouts.ts';

/** Nothing is drawn but a page of text: a process for that costs a seventh of the CPU. */
const plain = ['--disable-gpu', '--in-process-gpu'];

/** What a browser is started for. */
interface Way {
  /** IP or host name that every name in an address leads to, as if DNS said so. */
  host: string;
  /** A certificate authority that it trusts beside its own, PEM. */
  authority: string | undefined;
}

/** A tab of a browser. */
export interface Tab {
  page: Page;
  close: () => Promise<void>;
}

/** A running browser with its folder. */
interface Started {
  context: BrowserContext;
  home: string;
}

/**
 * Headless browsers with empty profiles of their own: nothing of the user's is read or written. One process serves
 * all visits of one Way; it is started when the first of them needs it.
 */
export class Browsers {
  readonly found: Browser;
  readonly #timeouts: Timeouts;
  /** It takes a third of a second to load: meanwhile gateways start. */
  readonly #library = import('playwright-core');
  readonly #started = new Map<string, Promise<Started>>();

  constructor(found: Browser, timeouts: Timeouts) {
    this.found = found;
    this.#timeouts = timeouts;
  }

  /**
   * A new tab, for the caller to close.
   * @param apart in a context of its own: without the cookies, the cache and the connections of other tabs. It costs a
   * second of CPU, as it is another window; another tab costs a third of that.
   * @throws Problem when the browser does not start
   */
  async tab(way: Way, { apart }: { apart: boolean }): Promise<Tab> {
    const { context } = await this.#running(way);
    if (!apart) {
      const page = await context.newPage();
      return { page, close: () => page.close() };
    }
    const own = await context.browser()?.newContext();
    if (!own) throw new Error('a browser that runs has no handle');
    return { page: await own.newPage(), close: () => own.close() };
  }

  /** Ends all of them, and takes their profiles away. */
  async close(): Promise<void> {
    const all = await Promise.allSettled(this.#started.values());
    this.#started.clear();
    await Promise.all(all.map((each) => (each.status === 'fulfilled' ? end(each.value) : undefined)));
  }

  async #running(way: Way): Promise<Started> {
    const key = JSON.stringify(way);
    const started = await this.#started.get(key);
    if (started?.context.browser()?.isConnected() === false) {
      this.#started.delete(key);
      await end(started);
    }
    const running = this.#started.get(key) ?? this.#start(way);
    this.#started.set(key, running);
    return running;
  }

  async #start({ host, authority }: Way): Promise<Started> {
    const { executable, env, trust, profiles } = this.found;
    const home = await mkdtemp(join(profiles, 'home-'));
    try {
      if (authority !== undefined && 'certutil' in trust) {
        const { trustAuthority } = await import('../../cluster/browser/trust.ts');
        await trustAuthority(home, trust, authority);
      }
      const { chromium } = await this.#library;
      const context = await chromium.launchPersistentContext(join(home, 'profile'), {
        executablePath: executable,
        artifactsDir: home,
        env: { ...process.env, ...env, ...homeIn(home), TMPDIR: profiles },
        args: [
          ...plain,
          '--no-proxy-server',
          `--host-resolver-rules=MAP * ${isIPv6(host) ? `[${host}]` : host}`,
        ],
        timeout: this.#timeouts.browser,
        // it ends when the pipe to it closes, which it does however this process ends
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
      return { context, home };
    } catch (error) {
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
      if (!(error instanceof Error)) throw error;
      throw new Problem({
        asked: `start ${this.found.line}`,
        got: lastWords(error.message),
        cause: 'the browser lacks something on this machine, or the machine is too slow for it',
        next: `${executable} --headless --no-sandbox --dump-dom about:blank; or CONFORMANCE_BROWSER=PATH for another one`,
      });
    }
  }
}

/** All that a browser would read and write of its user's. */
const homeIn = (home: string): Record<string, string> => ({
  HOME: home,
  XDG_CONFIG_HOME: join(home, '.config'),
  XDG_CACHE_HOME: join(home, '.cache'),
  XDG_DATA_HOME: join(home, '.local/share'),
});

async function end({ context, home }: Started): Promise<void> {
  await context.close();
  // its helpers may write their last a moment after it
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

/** The browser's own words where there are some; Playwright adds its log to them. */
function lastWords(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  return lines.find((line) => /error while loading|FATAL/.test(line)) ?? lines[0] ?? message;
}
