import type { Page, Response } from 'playwright-core';
import type { Ingress } from '../edge/edge.ts';
import { authority } from '../traffic/request.ts';

/** One address that is typed into a browser, and what has to be shown. */
export interface Visit {
  /** Where it leads, whatever the name in it. */
  at: Ingress;
  /** A URL; or a path, at the bare address: `/headers`. Its port is that of the ingress. */
  url: string;
  /** Whether the browser trusts, beside its own authorities, the one that signs the fixtures' certificates. */
  trusting?: boolean | undefined;
  shows: PageShown | ErrorShown;
}

/** A page that came from somewhere. */
interface PageShown {
  status: number;
  /** The Deployment whose pod must have answered; `null`: the gateway itself, and no backend saw the request. */
  backend: string | null;
  /**
   * Headers, by lower-case name, that the browser must have sent. The page has to show these, and all others that it
   * sent, as they were sent. Needs a backend that echoes them.
   */
  sent?: string[] | undefined;
}

/** The browser's own page about an error. No backend saw the request. */
interface ErrorShown {
  /** As Chromium names it: `net::ERR_CERT_AUTHORITY_INVALID`. */
  error: string;
}

/** What was shown. */
export type Shown = {
  /** The text of the page, as its reader sees it. */
  text: string;
} & ({ status: number; sent: Record<string, string>; type: string } | { error: string });

/** The address of a visit; `query` is added to it. */
export function addressTyped({ at, url }: Visit, query = ''): string {
  const bare = url.startsWith('/');
  const typed = new URL(bare ? `http://${authority(at.address)}${url}` : url);
  if (!bare) typed.port = String(at.address.port);
  typed.search = [typed.search.slice(1), query].filter(Boolean).join('&');
  return typed.href;
}

/**
 * Opens an address in a tab.
 * @param timeout milliseconds, for each of: the page to load, its text to be read
 * @returns what is shown when the page, or the browser's own about an error, has loaded
 */
export async function open(page: Page, address: string, timeout: number): Promise<Shown> {
  let answer: Response | undefined;
  const onResponse = (response: Response): void => {
    if (response.request().isNavigationRequest()) answer = response;
  };
  page.on('response', onResponse);
  try {
    // what the tab shows from before must not pass for what comes
    await page.goto('about:blank', { timeout });
    const failed = await page.goto(address, { timeout }).then(() => undefined, errorOf);
    // an answer without a body is shown as a page of the browser's own
    if (failed?.startsWith('net::')) await page.waitForURL(/^chrome-error:/, { timeout });
    const text = await page.locator('body').innerText({ timeout });
    if (!answer) return { text, error: failed ?? 'nothing was asked of the network' };
    const [sent, type] = await Promise.all([sentHeaders(answer), answer.headerValue('content-type')]);
    return { text, status: answer.status(), sent, type: type ?? '' };
  } catch (error) {
    return { text: '', error: errorOf(error as Error) };
  } finally {
    page.off('response', onResponse);
  }
}

/** `net::ERR_CONNECTION_REFUSED`, or the first line of what Playwright says. */
function errorOf({ message }: Error): string {
  return /net::ERR_\w+/.exec(message)?.[0] ?? message.split('\n')[0] ?? message;
}

/** What the browser sent, by lower-case name; the host by its HTTP/1 name also where HTTP/2 was spoken. */
async function sentHeaders(response: Response): Promise<Record<string, string>> {
  const { ':authority': host, ...sent } = await response.request().allHeaders();
  const headers = Object.entries(sent).filter(([name]) => !name.startsWith(':'));
  return Object.fromEntries([...(host === undefined ? [] : [['host', host] as const]), ...headers]);
}
