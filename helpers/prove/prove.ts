import pLimit from 'p-limit';
import { backendOf } from '../browser/shown.ts';
import { addressTyped, type Visit } from '../browser/visit.ts';
import type { Case } from '../case.ts';
import type { Ingress } from '../edge/edge.ts';
import type { Foreign } from '../gateway/foreign.ts';
import type { Made, Metadata } from '../gateway/handles.ts';
import type { Reported, StatusView } from '../gateway/views.ts';
import { describe } from '../kube/objects.ts';
import type { Result } from '../matchers/result.ts';
import { toAnswer, type While } from '../matchers/to-answer.ts';
import { chosenBy, toAnswerEither } from '../matchers/to-answer-either.ts';
import { type Asking, toBeDiagnosed } from '../matchers/to-be-diagnosed.ts';
import { toBeKept } from '../matchers/to-be-kept.ts';
import { type Backend, toBeStuck } from '../matchers/to-be-stuck.ts';
import { toBeGone, toBeThere } from '../matchers/to-be-there.ts';
import { toCarry } from '../matchers/to-carry.ts';
import { toEcho } from '../matchers/to-echo.ts';
import { toKeepAnswering } from '../matchers/to-keep-answering.ts';
import { toReport } from '../matchers/to-report.ts';
import { type CaseBrowser, toShow } from '../matchers/to-show.ts';
import { toSplit } from '../matchers/to-split.ts';
import { toStopAnswering } from '../matchers/to-stop-answering.ts';
import { type Reading, toTell } from '../matchers/to-tell.ts';
import type { Part } from '../scene.ts';
import { type Exchange, type Expected, requestLine } from '../traffic/exchange.ts';
import type { Request } from '../traffic/request.ts';
import type { Branch } from '../traffic/split.ts';
import type { Message } from '../traffic/websocket.ts';
import { checksOfBodies, checksOfHandshake, checksOfRow, checksOfStatus, checksOfVisit } from './checks.ts';
import { statusTrials } from './status.ts';
import { trafficTrials } from './traffic.ts';
import { outcomeOf, type Trial } from './trial.ts';

/** Trials at a time of one worker: each has a proxy of its own, and most of its time it waits. */
const atATime = pLimit(10);

/** Asked so often is what must be answered every single time; the fault is in one of them. */
const times = 6;

type Trials = Trial[] | Promise<Trial[]>;

/** What is tried of each assertion that has passed. */
const trialsOf: Record<string, (...args: never[]) => Trials> = {
  toAnswer: (ingress: Ingress, rows: Exchange | Exchange[], beside: While = {}) =>
    eachRow(ingress, [rows].flat(), beside, (over) => toAnswer(over, rows, beside)),

  toAnswerEither: async (
    ingress: Ingress,
    request: Request,
    answers: Expected[],
    beside: { while: Exchange },
  ) => {
    const { chosen } = await chosenBy(ingress, request, answers);
    const bodies = chosen ? checksOfBodies(chosen) : [];
    const checks = [{ what: 'status' }, ...bodies, ...checksOfHandshake(request, ingress.over)];
    const meddled = { ingress, request, of: requestLine(request), checks };
    return trafficTrials(meddled, (over) => toAnswerEither(over, request, answers, beside));
  },

  toKeepAnswering: (ingress: Ingress, exchange: Exchange) =>
    eachRow(ingress, [exchange], {}, (over) => toKeepAnswering(over, exchange, { times })),

  toSplit: async (ingress: Ingress, request: Request, branches: Branch[], beside: While = {}) => {
    const several = branches.filter(({ weight }) => weight > 0).length > 1;
    const mirrored = branches.some(({ answer }) => 'mirrored' in answer && answer.mirrored);
    const checks = [{ what: 'status' }, ...(several && !mirrored ? [{ what: 'shares' }] : [])];
    const meddled = { ingress, request, of: requestLine(request), checks, all: true };
    return trafficTrials(meddled, (over) => toSplit(over, request, branches, beside));
  },

  toShow: (browser: CaseBrowser, visits: Visit | Visit[]) => {
    const all = [visits].flat();
    const [served] = all
      .filter((visit) => backendOf(visit) !== null)
      .map((visit) => ({ ...requestOf(visit), host: new URL(addressTyped(visit)).host }));
    return all.flatMap((visit) => {
      const judge = ({ of, setup, address }: Ingress): Promise<Result> => {
        const moved = all.map((each) => {
          const at = { ...each.at, of, setup, ...(each === visit && { address }) };
          return { ...each, at };
        });
        return toShow({ ...browser, of }, moved);
      };
      const request = requestOf(visit);
      const meddled = { ingress: visit.at, request, of: visit.url, served, all: true };
      return trafficTrials({ ...meddled, checks: checksOfVisit(visit), below: 'unbroken' }, judge);
    });
  },

  toEcho: (ingress: Ingress, request: Request, messages: Message[]) => {
    const checks = [{ what: 'replies' }];
    const meddled = {
      ingress,
      request,
      of: requestLine(request),
      checks,
      all: true,
      below: 'always' as const,
    };
    return trafficTrials(meddled, (over) => toEcho(over, request, messages));
  },

  toStopAnswering: (ingress: Ingress, exchange: Exchange) => {
    const { request } = exchange;
    const meddled = { ingress, request, of: requestLine(request), checks: [{ what: 'silence' }], all: true };
    return trafficTrials(meddled, (over, broken) => {
      // another Gateway that has got the address counts as silence, an answer of the saboteur's own does not
      const road = broken ? { ...over.road, leadsTo: over.address } : over.road;
      return toStopAnswering({ ...over, road }, exchange);
    });
  },

  toReport: (view: StatusView, expected: Partial<Reported>) => {
    const { of, setup, what, ref, part } = view;
    const told = { of, setup, what, about: ref, checks: checksOfStatus(expected, view), watched: true };
    // what a view is made of may be private to its class
    return statusTrials(told, (aside, by) =>
      toReport({ of: aside, setup: by, ref, what, part, read: (object) => view.read(object) }, expected),
    );
  },

  toBeThere: (made: Made) => ofMade(made, 'presence', toBeThere),
  toBeGone: (made: Made) => ofMade(made, 'absence', toBeGone),

  toCarry: (made: Made[], metadata: Metadata) => {
    const [{ of, setup, selection }] = made as [Made];
    const { labels, annotations } = metadata;
    const checks = [{ what: 'labels' }, ...named('label', labels), ...named('annotation', annotations)];
    const told = { of, setup, what: selection.kind, about: selection, checks, watched: false };
    return statusTrials(told, (aside, by) =>
      toCarry(
        made.map((each) => ({ ...each, of: aside, setup: by })),
        metadata,
      ),
    );
  },

  toTell: (reading: Reading, expected: unknown) => {
    const { of, setup, ref } = reading;
    const checks = [{ what: 'presence' }, { what: 'reading' }];
    const told = { of, setup, what: describe(ref), about: ref, checks, watched: false };
    return statusTrials(told, (aside, by) => toTell({ ...reading, of: aside, setup: by }, expected));
  },

  toBeStuck: (backend: Backend, reason: RegExp) => {
    const { of, setup, ref } = backend;
    const told = {
      of,
      setup,
      what: describe(ref),
      about: ref,
      checks: [{ what: 'reason of a pod' }],
      watched: false,
    };
    return statusTrials(told, (aside, by) => toBeStuck({ ...backend, of: aside, setup: by }, reason));
  },

  toBeKept: (foreign: Foreign) => {
    const { of, setup, ref, list } = foreign;
    const checks = [{ what: 'entry', name: list }];
    const told = { of, setup, what: list, about: ref, checks, watched: false };
    return statusTrials(told, (aside, by) => toBeKept({ ...foreign, of: aside, setup: by }));
  },

  toBeDiagnosed: (part: Part, cause: string | null, asking?: Asking) => {
    const { of, setup, name } = part;
    const checks = [{ what: cause === null ? 'no diagnosis' : 'diagnosis' }];
    const told = { of, setup, what: name, about: undefined, checks, watched: false, facts: true };
    return statusTrials(told, (aside, by) => toBeDiagnosed({ ...part, of: aside, setup: by }, cause, asking));
  },
};

/** What a browser asks; its Host has the port that it connects to. */
function requestOf(visit: Visit): Request {
  const { protocol, hostname, pathname } = new URL(addressTyped(visit));
  return { path: pathname, ...(protocol === 'https:' && { tls: { serverName: hostname } }) };
}

async function eachRow(
  ingress: Ingress,
  rows: Exchange[],
  beside: While,
  judge: (over: Ingress) => Promise<Result>,
): Promise<Trial[]> {
  const pods = await ingress.setup.ready();
  const served = [...rows, beside.while ?? []].flat().find(({ answer }) => answer.backend !== null)?.request;
  return rows.flatMap((row) => {
    const checks = checksOfRow(row, ingress, pods);
    const meddled = { ingress, request: row.request, of: requestLine(row.request), checks, served };
    // a handshake that is refused is the gateway's own: nobody can make it in its place
    return trafficTrials('refused' in row.answer ? { ...meddled, below: 'unbroken' } : meddled, judge);
  });
}

const named = (what: string, entries = {}) => Object.keys(entries).map((name) => ({ what, name }));

function ofMade(made: Made, what: string, judge: (made: Made) => Promise<Result>): Trial[] {
  const { of, setup, selection } = made;
  const told = { of, setup, what: selection.kind, about: selection, checks: [{ what }], watched: false };
  return statusTrials(told, (aside, by) => judge({ ...made, of: aside, setup: by }));
}

/**
 * Judges an assertion that has passed once more under each fault that applies to it, by the same code and against the
 * same cluster, and notes how many were noticed.
 * @returns undefined when it fails under all that break what it checks, and passes under those that do not; else a
 * result that fails and names them
 */
export async function proven(of: Case, matcher: string, args: unknown[]): Promise<Result | undefined> {
  const trials = (await trialsOf[matcher]?.(...(args as never[]))) ?? [];
  const missed: string[] = [];
  await Promise.all(
    trials.map((trial) =>
      atATime(async () => {
        of.signal.throwIfAborted();
        const outcome = await outcomeOf(trial);
        if (!outcome) return;
        const { fault, check } = trial;
        if (check) of.prove(fault.fault, outcome.noticed);
        if (!outcome.noticed)
          missed.push(
            `${fault.fault} (${fault.means}), ${trial.of}${check ? `, ${check.what} ${check.name ?? ''}`.trimEnd() : ''}: ${outcome.because}`,
          );
      }),
    ),
  );
  if (missed.length === 0) return undefined;
  const lines = missed.toSorted();
  of.fail({
    expected: `${matcher} fails under every fault that breaks what it checks, and under no other`,
    got: lines.join('\n'),
    cause: 'the case does not check what it says, or the catalogue of faults (faults/) asks too much of it',
    repro: `npm run prove -- ${of.id}`,
  });
  return { pass: false, steps: [], message: () => `${matcher} under faults:\n  ${lines.join('\n  ')}` };
}
