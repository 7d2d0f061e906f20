import type { Browsers } from '../browser/browsers.ts';
import { causeOf } from '../browser/cause.ts';
import { type Decided, decideVisits } from '../browser/decide.ts';
import { keepScreenshot } from '../browser/screenshot.ts';
import { backendOf, expectedLine } from '../browser/shown.ts';
import { addressTyped, type Visit } from '../browser/visit.ts';
import type { Case } from '../case.ts';
import { byRoad, curl } from '../traffic/repro.ts';
import type { Result } from './result.ts';

/** A real browser, as a case asks it. */
export interface CaseBrowser {
  browsers: Browsers;
  of: Case;
  skip: (reason: string) => never;
}

/**
 * Every visit shows what it says, in the same rounds, three rounds in a row. Visits that no backend may see need one
 * beside them that is served: a gateway that serves nothing (yet) has no page for anybody. A screenshot of the first
 * visit is kept. Where the browser cannot be made to trust an authority, the case is skipped.
 */
export async function toShow({ browsers, of, skip }: CaseBrowser, visits: Visit | Visit[]): Promise<Result> {
  const all = [visits].flat();
  const [first, ...others] = all;
  if (!first || [first, ...others].every((visit) => backendOf(visit) === null))
    throw new Error('visits without one that a backend serves prove nothing: add one beside them');
  const { trust } = browsers.found;
  if ('none' in trust && [first, ...others].some(({ trusting }) => trusting)) skip(trust.none);
  const decided = await decideVisits([first, ...others], browsers, of);
  of.notes.attempts += decided.opened;
  const { run } = first.at.setup.cluster;
  const screenshot = decided.screenshot && (await keepScreenshot(of, run.out, decided.screenshot));
  if (decided.steady) {
    of.notes.milestones.steady ??= first.at.setup.elapsed;
    const steps = all.map((visit) => ({
      ...stepOf(visit, decided),
      got: expectedLine(visit),
      right: true,
    }));
    return { pass: true, message: () => `${addressTyped(first)} shows what it should`, steps };
  }
  const { lastWrong } = decided;
  if (!lastWrong) throw new Error('what is not steady was wrong at least once');
  const { visit, got } = lastWrong;
  const failure = {
    expected: `${addressTyped(visit)} → ${expectedLine(visit)}`,
    got,
    cause: await causeOf(lastWrong),
    repro: reproOf(visit) ?? of.again,
  };
  of.wrong ??= { unsayable: 'curl does not show what a browser does' };
  of.fail(failure);
  return {
    pass: false,
    steps: all.map((each) => ({
      ...stepOf(each, decided),
      ...(each === visit && { got, right: false }),
    })),
    message: () => complaint(browsers, visit, decided, { ...failure, screenshot: screenshot ?? 'nothing' }),
  };
}

const stepOf = (visit: Visit, { tries }: Decided) => ({
  asked: addressTyped(visit),
  wanted: expectedLine(visit),
  attempts: tries,
});

/** Shows the answer, or the certificate, without a browser. */
function reproOf(visit: Visit): string | undefined {
  const { protocol, host, hostname, pathname, search } = new URL(addressTyped(visit));
  const tls = protocol === 'https:' ? { serverName: hostname } : undefined;
  const { road, setup } = visit.at;
  return byRoad(setup.cluster.kube, road, curl(road.address, { host, path: `${pathname}${search}`, tls }));
}

function complaint(
  { found }: Browsers,
  { at }: Visit,
  { tries, opened, longest, elapsedMs }: Decided,
  failure: Record<'expected' | 'got' | 'cause' | 'screenshot' | 'repro', string>,
): string {
  return [
    `${at.edge.what} in ${found.line}`,
    `  expected: ${failure.expected}`,
    `  got:      ${failure.got}`,
    `  tried:    ${tries} rounds, ${opened} pages in ${(elapsedMs / 1_000).toFixed(1)} s; right at most ${longest} times in a row`,
    `  cause:    ${failure.cause}`,
    `  shown:    ${failure.screenshot}`,
    `  repro:    ${failure.repro}`,
  ].join('\n');
}
