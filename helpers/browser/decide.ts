import { randomUUID } from 'node:crypto';
import type { Case } from '../case.ts';
import type { Setup } from '../setup/setup.ts';
import { type Steady, steadily, type Try } from '../traffic/steadily.ts';
import { signature } from '../traffic/witness.ts';
import type { Browsers } from './browsers.ts';
import { backendOf, flawOf } from './shown.ts';
import { Tabs } from './tabs.ts';
import { addressTyped, open, type Shown, type Visit } from './visit.ts';

/** A visit that came out wrong, and how. */
export interface Wrong {
  visit: Visit;
  shown: Shown;
  /** The backend that saw the request. */
  seenBy: string | undefined;
  /** What came instead, in a line. */
  got: string;
}

/** How visits were decided. */
export interface Decided extends Steady<Wrong> {
  /** Addresses opened. */
  opened: number;
  /** PNG of the first visit's page, or of the one that was wrong last; undefined where nothing could be drawn. */
  screenshot: Buffer | undefined;
}

const inARow = 3;

interface Opened {
  visit: Visit;
  /** Makes the request known again in a backend's log. */
  token: string;
  shown: Shown;
  /** What is wrong with it, apart from who saw the request. */
  flaw: string | undefined;
}

/**
 * Opens addresses in rounds until all of them were right in the same three rounds in a row; after a wrong one over new
 * connections. Those whose request no backend may see come first and the others after them: a backend that has logged
 * the later requests has logged the earlier ones.
 */
export async function decideVisits(
  visits: [Visit, ...Visit[]],
  browsers: Browsers,
  of: Case,
): Promise<Decided> {
  const [first] = visits;
  const { setup } = first.at;
  const { answer, page: timeout } = setup.cluster.run.timeouts;
  const [refused, served] = [visits.filter(isRefused), visits.filter((visit) => !isRefused(visit))];
  const tabs = new Tabs(browsers, of);
  let screenshot: Buffer | undefined;
  let unverified: Opened[] = [];
  let opened = 0;
  setup.witness.follow(await setup.ready());

  const round = async (): Promise<Try<Opened>> => {
    const last = unverified.length === (inARow - 1) * visits.length;
    for (const visit of [...refused, ...served]) {
      const page = await tabs.pageFor(visit);
      const token = randomUUID();
      const shown = await open(page, addressTyped(visit, signature(token)), timeout);
      const one = { visit, token, shown, flaw: flawOf(visit, shown) };
      opened += 1;
      if (one.flaw !== undefined) {
        // of a browser that has ended there is none
        screenshot = await page.screenshot({ timeout }).catch(() => undefined);
        return wrong(one);
      }
      if (last && visit === first) screenshot = await page.screenshot({ timeout });
      unverified.push(one);
    }
    const stranger = last ? await misled(unverified, setup) : undefined;
    return stranger ? wrong(stranger) : { right: true };
  };
  const wrong = async (one: Opened): Promise<Try<Opened>> => {
    unverified = [];
    await tabs.renew();
    return { right: false, wrong: one };
  };
  const firstRight = (): void => {
    of.notes.milestones.firstRight ??= setup.elapsed;
  };

  try {
    const options = { times: inARow, timeout: answer, signal: of.signal, firstRight };
    const { lastWrong, ...decided } = await steadily(round, options);
    const why = decided.steady || !lastWrong ? undefined : await explained(lastWrong, setup);
    return { ...decided, lastWrong: why, opened, screenshot };
  } finally {
    await tabs.close();
  }
}

const isRefused = (visit: Visit): boolean => backendOf(visit) === null;

/** Says who saw the request: its line may come into the log a while after the page. */
async function explained({ visit, token, shown, flaw }: Opened, { witness, cluster }: Setup): Promise<Wrong> {
  if ('status' in shown) await witness.waitFor([token], cluster.run.timeouts.log);
  const seenBy = witness.whoSaw(token)?.backend;
  const came = flaw ?? ('error' in shown ? shown.error : shown.status);
  return { visit, shown, seenBy, got: `${came}; seen by ${seenBy ?? 'no backend'}` };
}

/** The first visit whose request the wrong backend saw, or none that should have. */
async function misled(opened: Opened[], setup: Setup): Promise<Opened | undefined> {
  const { witness, cluster } = setup;
  const { log } = cluster.run.timeouts;
  const tokens = opened.filter(({ visit }) => !isRefused(visit)).map(({ token }) => token);
  await witness.waitFor(tokens, log);
  if (tokens.some((token) => !witness.whoSaw(token))) {
    // a pod may have been replaced, or a log's connection lost
    witness.follow(await setup.backends());
    await witness.waitFor(tokens, log);
  }
  return opened.find(({ visit, token }) => (witness.whoSaw(token)?.backend ?? null) !== backendOf(visit));
}
