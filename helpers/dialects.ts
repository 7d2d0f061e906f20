import { describe } from 'vitest';
import type { CaseFacts, Dialect } from '../reports/run.ts';
import type { Fixture } from './setup/fixtures.ts';
import { about, testOn } from './test.ts';
import { type Exchange, type Expected, exchangeTitle, requestTitle } from './traffic/exchange.ts';

/** As people call them. */
const names: Record<Dialect, string> = {
  'gateway-api': 'Gateway API',
  'istio-api': 'Istio API',
  ingress: 'Ingress',
};

/** What all scenarios of a dialect stand on: the backend, and what serves it, where no Gateway brings that. */
const standsOn: Record<Dialect, string[]> = {
  'gateway-api': ['httpbin'],
  'istio-api': ['httpbin', 'istio-ingressgateway'],
  ingress: ['httpbin', 'istio-ingressgateway'],
};

/** What all scenarios of a dialect stand on, once a run: their objects are beside each other in its namespace. */
export const shared = (dialect: Dialect): Fixture => ({ shared: standsOn[dialect], as: dialect });

/** The Gateway that routes of several suites are attached to: a listener for each. */
export const hosts: Fixture = { shared: 'ingress-gateways/hosts' };

/** The Gateway whose listeners are at several ports. */
export const ports: Fixture = { shared: 'ingress-gateways/ports' };

/** The Gateway with a listener that has no host name, for routes that take any. */
export const bareAddress: Fixture = { shared: 'ingress-gateways/bare-address' };

const features: Record<Dialect, string[]> = {
  'gateway-api': ['Gateway', 'HTTPRoute'],
  'istio-api': [],
  ingress: [],
};

/** A row of a scenario: what is asked and what must come back, in each dialect. */
export interface Row extends Exchange {
  /** Where a dialect is known to answer otherwise: how, and why that is no mistake of the gateway. */
  except?: Partial<Record<Dialect, { answer: Expected; because: string }>>;
}

/** A scenario's part for one dialect. */
export interface InDialect {
  dialect: Dialect;
  /** The files that the dialect's fixture is made of, for `apart`. */
  fixtures: Fixture[];
  test: ReturnType<typeof testOn>;
  /** Options of a case of this dialect. */
  facts: { meta: { conformance: CaseFacts } };
  /** The row as this dialect has it, with its title and options. */
  in: (row: Row) => { title: string; facts: InDialect['facts']; exchange: Exchange };
}

/**
 * Writes a scenario once and declares its cases for each dialect, in a group of the dialect's name. The dialect's
 * fixture is `<stem>/<dialect>.yaml`, beside httpbin and the fixtures of other scenarios: its names are its own.
 * @param stem of the fixtures' folder: `ingress-gateways/any-host`
 * @param options `only`: the dialects that have it, left out: all; `beside`: files that all of them stand on;
 * `gateway`: the one of Gateway API, where the fixture is attached to one that others share; `needs`: features of Gateway
 * API beyond Gateway and HTTPRoute
 */
export function inEachDialect(
  stem: string,
  scenario: (part: InDialect) => void,
  {
    only = ['gateway-api', 'istio-api', 'ingress'],
    beside = [],
    gateway,
    needs = [],
  }: { only?: Dialect[]; beside?: Fixture[]; gateway?: Fixture; needs?: string[] } = {},
): void {
  for (const dialect of only) {
    const isGatewayApi = dialect === 'gateway-api';
    const attachedTo = isGatewayApi && gateway ? [gateway] : [];
    const fixtures: Fixture[] = [shared(dialect), ...attachedTo, ...beside, `${stem}/${dialect}`];
    const known = { dialect, features: [...features[dialect], ...(isGatewayApi ? needs : [])] };
    // vitest takes no fixture of a whole file from within a group
    const test = testOn(...fixtures);
    describe(`${names[dialect]}`, () => {
      scenario({
        dialect,
        fixtures,
        test,
        facts: about(known),
        in: ({ except, ...row }) => {
          const { answer = row.answer, because } = except?.[dialect] ?? {};
          const exchange = { ...row, answer };
          const differs = because === undefined ? {} : { differs: because };
          return {
            title: exchangeTitle(exchange),
            facts: about({ ...known, scenario: { row: requestTitle(row), ...differs } }),
            exchange,
          };
        },
      });
    });
  }
}
