import { likelyCause } from './diagnose/cause.ts';
import type { Ingress, Made } from './gateway/handles.ts';
import type { Reported, StatusView } from './gateway/views.ts';
import { describe, getWords, type KubeObject } from './kube/objects.ts';
import { met, missing, WaitTimeout, waitFor, waitGone } from './kube/wait.ts';
import { whyUnreachable } from './reach/unreachable.ts';
import { type Exchange, expectedLine, outcomeLine, requestLine } from './traffic/exchange.ts';
import { curl } from './traffic/repro.ts';
import { authority } from './traffic/request.ts';
import { type Decided, decide } from './traffic/rounds.ts';
import { fallsSilent } from './traffic/silence.ts';

interface Result {
  pass: boolean;
  message: () => string;
}

/** Beside what a row's exchange says, it has to hold while this other one is answered. */
interface While {
  while?: Exchange;
}

/**
 * All rows are answered as they say, in the same rounds, three rounds in a row. Rows that nothing may answer need one
 * beside them that is answered: a gateway that serves nothing (yet) says 404 to everything.
 */
async function toAnswer(ingress: Ingress, rows: Exchange | Exchange[], beside: While = {}): Promise<Result> {
  const { of, setup, address } = ingress;
  const { kube, run } = setup.cluster;
  const table = [rows, beside.while ?? []].flat();
  if (!table.some(({ answer }) => answer.backend !== null)) {
    throw new Error('a table without a row that a backend answers proves nothing: add one, or { while: … }');
  }
  const decided = await decide(
    table,
    {
      address,
      backends: () => setup.backends(),
      witness: setup.witness,
      timeouts: run.timeouts,
      signal: of.signal,
    },
    {
      firstRight: () => {
        of.notes.milestones.firstRight ??= setup.elapsed;
      },
    },
  );
  of.notes.attempts += decided.requests;
  if (decided.steady) {
    of.notes.milestones.steady ??= setup.elapsed;
    return { pass: true, message: () => `${authority(address)} answers as the table says` };
  }
  const { lastWrong } = decided;
  if (!lastWrong) throw new Error('what is not steady was wrong at least once');
  const { exchange, outcome } = lastWrong;
  const unconnected = 'failed' in outcome.answer && outcome.answer.phase === 'connect';
  const unreachable = unconnected
    ? await whyUnreachable(kube, ingress.gateway, address.port, run.timeouts.connect)
    : undefined;
  const failure = {
    expected: `${requestLine(exchange.request)} → ${expectedLine(exchange.answer)}`,
    got: outcomeLine(outcome, exchange.answer),
    cause: setup.witness.trouble ?? unreachable?.cause ?? likelyCause(lastWrong),
    repro: curl(address, exchange.request),
  };
  of.fail(failure);
  return { pass: false, message: () => complaint(ingress, decided, failure) };
}

function complaint(
  { address, gateway }: Ingress,
  { tries, requests, longest, elapsedMs }: Decided,
  failure: { expected: string; got: string; cause: string; repro: string },
): string {
  return [
    `Gateway ${gateway.namespace}/${gateway.name} at ${authority(address)}`,
    `  expected: ${failure.expected}`,
    `  got:      ${failure.got}`,
    `  tried:    ${tries} rounds, ${requests} requests in ${(elapsedMs / 1_000).toFixed(1)} s; right at most ${longest} times in a row`,
    `  cause:    ${failure.cause}`,
    `  repro:    ${failure.repro}`,
  ].join('\n');
}

/** The status says this, for the object's present generation, or comes to say it in time. */
async function toReport(view: StatusView, expected: Partial<Reported>): Promise<Result> {
  const { of, setup, ref, what, read } = view;
  const { kube, run } = setup.cluster;
  const wanted = reportLine(expected);
  await setup.apply();
  try {
    await waitFor<KubeObject, undefined>(kube, ref, {
      until: `to report ${wanted}`,
      timeout: run.timeouts.accepted,
      signal: of.signal,
      check: ([object]) => {
        const reported = object && read(object);
        if (!reported) return missing(`the status does not speak of ${what} yet`);
        return reports(reported, expected) ? met(undefined) : missing(reportLine(reported));
      },
    });
    return { pass: true, message: () => `${what} reports ${wanted}` };
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    const failure = {
      expected: `${what}: ${wanted}`,
      got: error.got,
      cause: 'the controller has judged the object otherwise, or has not judged its present generation',
      repro: kube.kubectl(`get ${getWords(ref)} -o yaml`),
    };
    of.fail(failure);
    const { accepted } = run.timeouts;
    return {
      pass: false,
      message: () =>
        `${what}\n  expected: ${wanted}\n  got:      ${error.got}, after ${accepted / 1_000} s\n  repro:    ${failure.repro}`,
    };
  }
}

/** Three requests in a row get no answer any more; asked as the exchange says. */
async function toStopAnswering(
  { of, setup, address, gateway }: Ingress,
  { request }: Exchange,
): Promise<Result> {
  const { kube, run } = setup.cluster;
  const { gone: timeout, connect, request: limit } = run.timeouts;
  const { steady, lastWrong, tries, elapsedMs } = await fallsSilent(kube, address, request, {
    timeout,
    connect,
    limit,
    formerly: gateway.namespace,
    signal: of.signal,
  });
  of.notes.attempts += tries;
  if (steady) return { pass: true, message: () => `${authority(address)} stopped answering` };
  const failure = {
    expected: `no answer at ${authority(address)} any more`,
    got: `${lastWrong?.status}, still after ${(elapsedMs / 1_000).toFixed(1)} s`,
    cause: 'the proxy of the deleted Gateway still runs, and the address still leads to it',
    repro: curl(address, request),
  };
  of.fail(failure);
  return {
    pass: false,
    message: () =>
      `${requestLine(request)} at ${authority(address)}\n  expected: ${failure.expected}\n  got:      ${failure.got}\n  repro:    ${failure.repro}`,
  };
}

/** There is such an object, or comes to be. */
function toBeThere({ of, setup, selection }: Made): Promise<Result> {
  const { kube, run } = setup.cluster;
  const what = describe(selection);
  return judged(
    { of, setup, selection },
    `${what} to be there`,
    'the controller has not made it',
    async () => {
      await waitFor(kube, selection, {
        until: 'to be there',
        timeout: run.timeouts.accepted,
        signal: of.signal,
        check: (objects) => (objects.length > 0 ? met(undefined) : missing('there is none')),
      });
    },
  );
}

/** There is no such object, or comes to be none. */
function toBeGone({ of, setup, selection }: Made): Promise<Result> {
  const { kube, run } = setup.cluster;
  const cause = 'nothing collected it: it has no owner that is gone, or a finalizer holds it';
  return judged({ of, setup, selection }, `${describe(selection)} to be gone`, cause, () =>
    waitGone(kube, selection, run.timeouts.gone, of.signal),
  );
}

/** Passes when the wait does; notes the failure when its time was over. */
async function judged(
  { of, setup, selection }: Made,
  what: string,
  cause: string,
  wait: () => Promise<void>,
): Promise<Result> {
  try {
    await wait();
    return { pass: true, message: () => `waited for ${what}` };
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    const repro = setup.cluster.kube.kubectl(`get ${getWords(selection)}`);
    of.fail({ expected: error.asked, got: error.got, cause, repro });
    return { pass: false, message: () => `${error.message}\n  cause: ${cause}` };
  }
}

const reports = (reported: Reported, expected: Partial<Reported>): boolean =>
  (expected.attachedRoutes === undefined || reported.attachedRoutes === expected.attachedRoutes) &&
  Object.entries(expected.conditions ?? {}).every(([type, line]) => reported.conditions[type] === line);

function reportLine({ conditions = {}, attachedRoutes }: Partial<Reported>): string {
  const lines = Object.entries(conditions).map(([type, line]) => `${type}: ${line}`);
  if (attachedRoutes !== undefined) lines.push(`attachedRoutes: ${attachedRoutes}`);
  return lines.join(', ') || 'no condition';
}

export const matchers = { toAnswer, toReport, toStopAnswering, toBeThere, toBeGone };

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * An Ingress answers every row as it says, three rounds in a row.
     * @param options `while`: an exchange that has to be answered in the same rounds
     */
    toAnswer: (rows: Exchange | Exchange[], options?: While) => Promise<void>;
    /** The status of a Gateway, a listener, or a route at its parent says this for the present generation. */
    toReport: (expected: Partial<Reported>) => Promise<void>;
    /** An Ingress gives no answer any more to what the exchange asks, three times in a row. */
    toStopAnswering: (exchange: Exchange) => Promise<void>;
    /** Objects that a controller makes are there, or come to be. */
    toBeThere: () => Promise<void>;
    /** Objects that a controller made are gone, or come to be. */
    toBeGone: () => Promise<void>;
  }
}
