import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { findBrowser } from '../cluster/browser/find.ts';
import { Browsers } from '../helpers/browser/browsers.ts';
import { parseTimeouts } from '../helpers/timeouts.ts';

/** A tab, and what the pages in it asked for over whatever network: loopback answers for every name. */
interface Watched {
  page: Page;
  asked: string[];
}

/** For unit tests of pages: a real browser, or a skip that says why there is none on this machine. */
export const testOnPage = test
  .extend('found', { scope: 'file' }, () => findBrowser(() => {}))
  .extend('browsers', { scope: 'file' }, ({ found }, { onCleanup }) => {
    if ('none' in found) return found;
    const browsers = new Browsers(found, parseTimeouts(''));
    onCleanup(() => browsers.close());
    return browsers;
  })
  .extend('watched', async ({ browsers, skip }, { onCleanup }): Promise<Watched> => {
    if ('none' in browsers) return skip(browsers.none);
    const { page, close } = await browsers.tab({ host: '127.0.0.1', authority: undefined }, { apart: true });
    onCleanup(close);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (/^(https?|wss?):/.test(request.url())) asked.push(request.url());
    });
    return { page, asked };
  });
