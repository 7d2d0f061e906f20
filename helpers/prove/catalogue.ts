import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Timeouts } from '../timeouts.ts';

/** One thing that an assertion demands, in the words of the catalogue. */
export interface Check {
  what: string;
  /** Of what: a header, a type of condition. */
  name?: string | undefined;
}

/** A way to break something, as faults/*.yaml have it. */
export interface Fault<Does> {
  fault: string;
  means: string;
  /** The checks that must notice it; `nothing`: nobody must. */
  breaks: 'nothing' | string[];
  /** Of a fault that breaks nothing: checks for which that does not hold. */
  unless?: string[] | undefined;
  /** Left out: each time. */
  when?: 'every second' | 'third' | undefined;
  does: Does;
  /** Milliseconds, where the fault needs other deadlines to be noticed soon. */
  limits?: Partial<Timeouts> | undefined;
  /** Pattern that the message of who notices it must match. */
  says?: string | undefined;
}

/** `halved`: the first half of it; `changed`: one letter in its middle; `doubled`: it comes twice. */
type BodyDoes = 'lost' | 'halved' | 'changed' | 'doubled';

/** What the saboteur between client and gateway does; the fields of one fault together. */
export interface TrafficDoes {
  /** Of the request: who is asked what. */
  ask?: 'another' | 'served' | 'twice' | 'marked otherwise' | 'until the first backend' | 'as the first';
  status?: number;
  /** Of the body that is sent, and of the one that is answered; its length is mended where it is said. */
  sent?: BodyDoes;
  answered?: BodyDoes | 'added';
  /** Lower-case names and their values. */
  setHeader?: Record<string, string>;
  dropHeader?: string;
  repeatHeader?: string;
  reverseHeader?: string;
  /** All of its lines in one. */
  joinHeader?: string;
  /** Of the headers in the body of a backend that echoes them. */
  setSeen?: Record<string, string>;
  dropSeen?: string;
  reverseSeen?: string;
  /** The pod in the body of a backend that names itself. */
  pod?: string;
  /** Milliseconds before the answer. */
  wait?: number;
  hold?: boolean;
  reset?: boolean;
  truncate?: boolean;
  /** Answered by the saboteur itself, with this status. */
  answer?: number;
  certificate?: 'untrusted' | 'expired' | 'for another name' | 'another' | 'alone';
  version?: 'other';
  /** Of a conversation, below HTTP. */
  bytes?: 'changed' | 'ended';
}

/** What the saboteur between suite and API server does to objects. */
export interface StatusDoes {
  /** The type of the conditions that are changed. */
  condition?: string;
  is?: { status?: 'opposite'; reason?: string; observedGeneration?: 'older' };
  dropCondition?: string;
  addCondition?: string;
  messages?: string;
  part?: string;
  attachedRoutes?: number;
  addKind?: string;
  dropKinds?: boolean;
  addAddress?: string;
  dropAddresses?: boolean;
  addListener?: string;
  dropLabel?: string;
  dropAnnotation?: string;
  /** JSON pointer of a list. */
  dropEntry?: string;
  changeEntry?: string;
  /** Objects have no status, labels and annotations. */
  bare?: boolean;
  hide?: boolean;
  /** Of what is listed, only the objects of this kind. */
  hideKind?: string;
  /** Name of an object that is there beside what is, or is not. */
  keep?: string;
  /** Lists have no status: watch events bring it. */
  late?: boolean;
}

export type TrafficFault = Fault<TrafficDoes>;
export type StatusFault = Fault<StatusDoes>;

/** The faults of one saboteur. */
export const faultsOf = <Does>(saboteur: 'traffic' | 'status'): Fault<Does>[] =>
  parse(readFileSync(new URL(`../../faults/${saboteur}.yaml`, import.meta.url), 'utf8'));

/** Names of the faults that somebody must notice. */
export const breaking = (): string[] =>
  [...faultsOf('traffic'), ...faultsOf('status')]
    .filter(({ breaks }) => breaks !== 'nothing')
    .map(({ fault }) => fault);

/** The faults that break a check, with the check's name put in for `$name`. */
export function faultsFor<Does>(faults: Fault<Does>[], check: Check): Fault<Does>[] {
  return faults
    .filter(({ breaks }) => breaks !== 'nothing' && breaks.includes(check.what))
    .map((fault) => named(fault, check.name));
}

/** The faults that who checks this must not notice. */
export const harmless = <Does>(faults: Fault<Does>[], checks: Check[] = []): Fault<Does>[] =>
  faults.filter(
    ({ breaks, unless = [] }) => breaks === 'nothing' && !checks.some(({ what }) => unless.includes(what)),
  );

function named<Does>({ says, does, ...fault }: Fault<Does>, name = ''): Fault<Does> {
  const inText = JSON.stringify(does).replaceAll('$name', () => JSON.stringify(name).slice(1, -1));
  return {
    ...fault,
    does: JSON.parse(inText) as Does,
    ...(says !== undefined && { says: says.replaceAll('$name', () => literally(name)) }),
  };
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
