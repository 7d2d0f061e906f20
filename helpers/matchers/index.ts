import type { MatcherState } from 'vitest';
import type { Visit } from '../browser/visit.ts';
import type { Case } from '../case.ts';
import type { Metadata } from '../gateway/handles.ts';
import type { Reported } from '../gateway/views.ts';
import type { Exchange, Expected } from '../traffic/exchange.ts';
import type { Request } from '../traffic/request.ts';
import type { Branch } from '../traffic/split.ts';
import type { Lasting } from '../traffic/throughout.ts';
import type { Message } from '../traffic/websocket.ts';
import type { Result } from './result.ts';
import { toAnswer, type While } from './to-answer.ts';
import { toAnswerEither } from './to-answer-either.ts';
import { type Asking, toBeDiagnosed } from './to-be-diagnosed.ts';
import { toBeKept } from './to-be-kept.ts';
import { toBeStuck } from './to-be-stuck.ts';
import { toBeGone, toBeThere } from './to-be-there.ts';
import { toCarry } from './to-carry.ts';
import { toEcho } from './to-echo.ts';
import { toKeepAnswering } from './to-keep-answering.ts';
import { toReport } from './to-report.ts';
import { toShow } from './to-show.ts';
import { toSplit } from './to-split.ts';
import { toStopAnswering } from './to-stop-answering.ts';
import { toTell } from './to-tell.ts';

interface Subject {
  of: Case;
}

/**
 * `.not` would hold for whatever reason a wait fails, a broken cluster included. What was asked becomes a step of the
 * case.
 */
function asserted<S extends Subject | Subject[], Args extends unknown[]>(
  matcher: (subject: S, ...args: Args) => Promise<Result>,
) {
  return async function (this: MatcherState, subject: S, ...args: Args): Promise<Result> {
    if (this.isNot) throw new Error('say what has to come instead: .not would pass for any reason');
    const result = await matcher(subject, ...args);
    const [first] = [subject].flat();
    first?.of.tell(result.steps);
    if (!result.pass || !first?.of.proves) return result;
    // with the saboteurs, which no other run needs
    const { proven } = await import('../prove/prove.ts');
    return (await proven(first.of, matcher.name, [subject, ...args])) ?? result;
  };
}

/** What suites say of gateways, beside vitest's own matchers; each waits within the table of timeouts. */
export const matchers = {
  toAnswer: asserted(toAnswer),
  toAnswerEither: asserted(toAnswerEither),
  toKeepAnswering: asserted(toKeepAnswering),
  toReport: asserted(toReport),
  toShow: asserted(toShow),
  toSplit: asserted(toSplit),
  toStopAnswering: asserted(toStopAnswering),
  toBeDiagnosed: asserted(toBeDiagnosed),
  toEcho: asserted(toEcho),
  toBeThere: asserted(toBeThere),
  toBeGone: asserted(toBeGone),
  toBeKept: asserted(toBeKept),
  toCarry: asserted(toCarry),
  toTell: asserted(toTell),
  toBeStuck: asserted(toBeStuck),
};

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * An Ingress answers every row as it says, three rounds in a row.
     * @param options `while`: an exchange that has to be answered in the same rounds
     */
    toAnswer: (rows: Exchange | Exchange[], options?: While) => Promise<void>;
    /** An Ingress answers a request in one of these ways, always in the same; which one is noted for the reports. */
    toAnswerEither: (request: Request, answers: Expected[], beside: { while: Exchange }) => Promise<void>;
    /**
     * An Ingress answers as the exchange says while something happens, each of many times, with a new connection each.
     * @param options `during`: what happens; it begins when the first answer came
     */
    toKeepAnswering: (exchange: Exchange, lasting: Lasting) => Promise<void>;
    /** The status of a Gateway, a listener, or a route at its parent says this for the present generation. */
    toReport: (expected: Partial<Reported>) => Promise<void>;
    /** A real browser shows for every visit what it says, three rounds in a row. */
    toShow: (visits: Visit | Visit[]) => Promise<void>;
    /**
     * An Ingress answers a request in these ways, in the shares that their weights give.
     * @param options `while`: where ways differ in who gets a copy, an exchange of the backend that gets them
     */
    toSplit: (request: Request, branches: Branch[], options?: While) => Promise<void>;
    /** An Ingress gives no answer any more to what the exchange asks, three times in a row. */
    toStopAnswering: (exchange: Exchange) => Promise<void>;
    /**
     * What is wrong in a part of a scene is diagnosed as this cause (docs/troubleshooting.md), and nothing else is;
     * null: nothing is wrong.
     * @param asking a request that fails there, which the diagnosis has to explain
     */
    toBeDiagnosed: (cause: string | null, asking?: Asking) => Promise<void>;
    /** A WebSocket at an Ingress gets the bytes of each message back, three times in a row. */
    toEcho: (request: Request, messages: Message[]) => Promise<void>;
    /** Objects that a controller makes are there, or come to be. */
    toBeThere: () => Promise<void>;
    /** Objects that a controller made are gone, or come to be. */
    toBeGone: () => Promise<void>;
    /** What a controller of somebody else has written into a status is there as it was, at the moment. */
    toBeKept: () => Promise<void>;
    /** Whatever objects of these kinds a controller has made have these labels and annotations; there is one at least. */
    toCarry: (metadata: Metadata) => Promise<void>;
    /** What is read of an object is this. */
    toTell: (expected: unknown) => Promise<void>;
    /** A backend cannot become ready, and its pod's own reason, which matches, is told as soon as it gives one. */
    toBeStuck: (reason: RegExp) => Promise<void>;
  }
}
