import { likelyCause } from './diagnose/cause.ts';
import type { Ingress } from './gateway/handles.ts';
import type { Reported, StatusView } from './gateway/views.ts';
import type { KubeObject } from './kube/objects.ts';
import { met, missing, WaitTimeout, waitFor } from './kube/wait.ts';
import { whyUnreachable } from './reach/unreachable.ts';
import { type Exchange, expectedLine, outcomeLine, requestLine } from './traffic/exchange.ts';
import { curl } from './traffic/repro.ts';
import { authority } from './traffic/request.ts';
import { type Decided, decide, type Wrong } from './traffic/rounds.ts';

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
  if (decided.steady || !decided.lastWrong) {
    of.notes.milestones.steady ??= setup.elapsed;
    return { pass: true, message: () => `${authority(address)} answers as the table says` };
  }
  const { lastWrong } = decided;
  const { exchange, outcome } = lastWrong;
  const unreachable =
    'failed' in outcome.answer && outcome.answer.phase === 'connect'
      ? await whyUnreachable(kube, ingress.gateway, address.port, run.timeouts.connect)
      : undefined;
  const failure = {
    expected: expectedLine(exchange.answer),
    got: outcomeLine(outcome, exchange.answer),
    cause: setup.witness.trouble ?? unreachable?.cause ?? likelyCause(lastWrong),
    repro: curl(address, exchange.request),
  };
  of.fail(failure);
  return { pass: false, message: () => complaint(ingress, decided, lastWrong, failure) };
}

function complaint(
  { address, gateway }: Ingress,
  { tries, requests, longest, elapsedMs }: Decided,
  { exchange }: Wrong,
  failure: { expected: string; got: string; cause: string; repro: string },
): string {
  return [
    `${requestLine(exchange.request)} at ${authority(address)}, Gateway ${gateway.namespace}/${gateway.name}`,
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
      repro: `kubectl --context ${setup.cluster.target.context} -n ${ref.namespace} get ${ref.kind.toLowerCase()} ${ref.name} -o yaml`,
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

const reports = (reported: Reported, expected: Partial<Reported>): boolean =>
  (expected.attachedRoutes === undefined || reported.attachedRoutes === expected.attachedRoutes) &&
  Object.entries(expected.conditions ?? {}).every(([type, line]) => reported.conditions[type] === line);

function reportLine({ conditions = {}, attachedRoutes }: Partial<Reported>): string {
  const lines = Object.entries(conditions).map(([type, line]) => `${type}: ${line}`);
  if (attachedRoutes !== undefined) lines.push(`attachedRoutes: ${attachedRoutes}`);
  return lines.join(', ') || 'no condition';
}

export const matchers = { toAnswer, toReport };

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * An Ingress answers every row as it says, three rounds in a row.
     * @param options `while`: an exchange that has to be answered in the same rounds
     */
    toAnswer: (rows: Exchange | Exchange[], options?: While) => Promise<void>;
    /** The status of a Gateway, a listener, or a route at its parent says this for the present generation. */
    toReport: (expected: Partial<Reported>) => Promise<void>;
  }
}
