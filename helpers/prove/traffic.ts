import { isDeepStrictEqual } from 'node:util';
import type { Ingress } from '../edge/edge.ts';
import type { Result } from '../matchers/result.ts';
import type { Pair } from '../tls/pair.ts';
import type { OneConnection } from '../traffic/one-connection.ts';
import type { Request } from '../traffic/request.ts';
import { seenBy } from './aside.ts';
import { standBelow } from './bytes.ts';
import {
  type Check,
  faultsFor,
  faultsOf,
  harmless,
  type TrafficDoes,
  type TrafficFault,
} from './catalogue.ts';
import { pairInstead, shownBy } from './pairs.ts';
import { Saboteur } from './saboteur.ts';
import type { Trial } from './trial.ts';

const faults = faultsOf<TrafficDoes>('traffic');

/** A request whose answers are meddled with, and what is demanded of them. */
export interface Meddled {
  ingress: Ingress;
  request: Request;
  /** For messages. */
  of: string;
  checks: Check[];
  /** A request that a backend answers in the same table. */
  served?: Request | undefined;
  /** Whether all requests go to the saboteur, and not only those of that row. */
  all?: boolean;
  /** Where the saboteur knows nothing of HTTP and TLS: with all faults, or with those that break nothing. */
  below?: 'always' | 'unbroken';
}

/** The matcher's judgement of an ingress, of which the check is broken, or nothing is. */
type Judge = (ingress: Ingress, broken: Check | undefined) => Promise<Result>;

/** The trials of one request. */
export function trafficTrials(meddled: Meddled, judge: Judge): Trial[] {
  const { checks, of, ingress, request } = meddled;
  const tls = ingress.over ? ingress.over.tls : request.tls;
  const shown = tls && onceOnly(() => shownBy(ingress.setup, ingress.address, tls));
  const trial = (fault: TrafficFault, check?: Check): Trial => ({
    fault,
    check,
    of,
    judge: () => judgeUnder(fault, check, { ...meddled, shown }, judge),
  });
  const broken = checks.flatMap((check) => faultsFor(faults, check).map((fault) => trial(fault, check)));
  // what breaks several checks of a row is tried once
  const once = new Map(broken.map((each) => [JSON.stringify(each.fault), each]));
  const nobodys = harmless(faults).filter(({ does }) => !meddled.below || isDeepStrictEqual(does, {}));
  return [...nobodys.map((fault) => trial(fault)), ...once.values()];
}

async function judgeUnder(
  fault: TrafficFault,
  check: Check | undefined,
  { ingress, request, served, all, below, shown }: Meddled & { shown?: (() => Promise<Pair>) | undefined },
  judge: Judge,
): Promise<Awaited<ReturnType<Trial['judge']>>> {
  const { setup, address, over, road } = ingress;
  const { certificates } = setup;
  const { request: timeout } = setup.cluster.run.timeouts;
  const tls = over ? over.tls : request.tls;
  const pair = tls && shown && (await pairInstead(setup, tls, fault.does.certificate, shown));
  // a certificate that comes without a chain is alone already
  const shownAsIs = fault.does.certificate === 'alone' && pair === (await shown?.());
  const saboteur =
    below === 'always' || (below && !check)
      ? await standBelow(address, fault.does.bytes)
      : await Saboteur.stand(
          {
            target: address,
            request: { ...request, tls },
            served,
            certificates,
            pair,
            timeout,
          },
          fault,
        );
  const of = ingress.of.aside();
  let held: OneConnection | undefined;
  try {
    held =
      over &&
      (await over.like(saboteur.address, {
        connect: timeout,
        request: timeout,
        signal: of.signal,
        certificates,
      }));
    const sabotaged = {
      ...ingress,
      of,
      setup: seenBy(setup, { patient: !check, limits: fault.limits }),
      over: held,
      detour: { request, address: saboteur.address },
      ...(all && { address: saboteur.address, road: { ...road, address: saboteur.address } }),
    };
    const result = await judge(sabotaged, check);
    return { result, failure: of.notes.failure, touched: saboteur.touched > 0 && !shownAsIs };
  } finally {
    held?.close();
    saboteur.close();
  }
}

function onceOnly<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
