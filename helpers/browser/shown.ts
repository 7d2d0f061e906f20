import { echoedHeaders } from '../traffic/sighting.ts';
import type { Shown, Visit } from './visit.ts';

/** Headers that end at the next hop (RFC 9110, 7.6.1), which no backend sees. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** The backend that must have seen the request; null: none. */
export const backendOf = ({ shows }: Visit): string | null => ('error' in shows ? null : shows.backend);

/** `200 from httpbin, showing the headers that the browser sent` */
export function expectedLine({ shows }: Visit): string {
  if ('error' in shows) return `the browser's page about ${shows.error}, and no request at a backend`;
  const { status, backend, sent } = shows;
  const from = `${status} from ${backend ?? 'the gateway'}`;
  return sent === undefined ? from : `${from}, showing the headers that the browser sent`;
}

/**
 * What is wrong with what was shown, in a line.
 * @returns undefined when it is as the visit says; which backend it came from is not known here
 */
export function flawOf({ shows }: Visit, shown: Shown): string | undefined {
  if ('error' in shown) {
    if (!('error' in shows)) return `the browser's page about ${shown.error}`;
    if (shown.error !== shows.error) return `the browser's page about ${shown.error}`;
    // Chromium writes the name in capitals into the page
    const named = shown.text.includes(shown.error.replace(/^net::/, ''));
    return named ? undefined : `${shown.error}, and a page that does not say so: "${shown.text}"`;
  }
  if ('error' in shows) return `${shown.status}, and no error`;
  if (shown.status !== shows.status) return String(shown.status);
  return shows.sent && headersFlaw(shows.sent, shown.sent, headersShown(shown));
}

function headersFlaw(
  names: string[],
  sent: Record<string, string>,
  seen: Record<string, string> | undefined,
): string | undefined {
  const unsent = names.filter((name) => sent[name] === undefined);
  if (unsent.length > 0)
    return `the browser sent no ${unsent.join(', ')}; it sent ${Object.keys(sent).join(', ')}`;
  if (!seen) return 'a page that shows no headers';
  const [other] = Object.entries(sent).filter(([name, value]) => !hopByHop.has(name) && seen[name] !== value);
  if (!other) return undefined;
  const [name, value] = other;
  return `the browser sent ${name}: ${value}; the page shows ${seen[name] === undefined ? `no ${name}` : `${name}: ${seen[name]}`}`;
}

const headersShown = ({ text, type }: Extract<Shown, { status: number }>) =>
  echoedHeaders({ status: 200, headers: { 'content-type': type }, body: text });
