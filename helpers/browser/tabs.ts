import type { Page } from 'playwright-core';
import type { Case } from '../case.ts';
import type { Browsers, Tab } from './browsers.ts';
import type { Visit } from './visit.ts';

/** The tabs of one case: the visits that go the same way share one. They close when the case is aborted. */
export class Tabs {
  readonly #browsers: Browsers;
  readonly #of: Case;
  readonly #open = new Map<string, Promise<Tab>>();
  readonly #aborted = (): void => void this.close();
  #apart = false;

  constructor(browsers: Browsers, of: Case) {
    this.#browsers = browsers;
    this.#of = of;
    of.signal.addEventListener('abort', this.#aborted);
  }

  /** @throws Problem when the browser does not start */
  async pageFor({ at: { address, setup }, trusting }: Visit): Promise<Page> {
    const authority = trusting ? await setup.certificates.authority() : undefined;
    const way = { host: address.host, authority };
    const key = JSON.stringify(way);
    const tab = this.#open.get(key) ?? this.#browsers.tab(way, { apart: this.#apart });
    this.#open.set(key, tab);
    return (await tab).page;
  }

  /** From here on all visits are made anew, and over new connections. */
  async renew(): Promise<void> {
    this.#apart = true;
    const tabs = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    await Promise.all(tabs.map((tab) => tab.status === 'fulfilled' && tab.value.close()));
  }

  /** Closes them for good. */
  async close(): Promise<void> {
    this.#of.signal.removeEventListener('abort', this.#aborted);
    await this.renew();
  }
}
