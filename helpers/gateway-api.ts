import { isProvisional } from '../reports/conformance/official.ts';
import type { CaseFacts } from '../reports/run.ts';
import type { Ingress } from './edge/edge.ts';
import type { Scene } from './scene.ts';
import type { Fixture } from './setup/fixtures.ts';
import { about, testOn } from './test.ts';
import { type Exchange, exchangeTitle } from './traffic/exchange.ts';

/** The backends that all cases beside the shared Gateway have: `fixtures/gateway-api/shared.yaml`. */
export const [v1, v2, v3] = ['gateway-api/echo-v1', 'gateway-api/echo-v2', 'gateway-api/echo-v3'] as const;

/** A case of Gateway API's own conformance suite, as this suite has it: one case here for each row and status. */
export interface Mirror {
  /** Options of each of its cases. */
  facts: { meta: { conformance: CaseFacts } };
  test: ReturnType<typeof testOn>;
  /**
   * Declares a case for each row.
   * @param served a row that has to be answered in the same rounds as those that nothing may answer
   * @param at where they are asked; left out: at the listener `http` of the only Gateway
   */
  rows: (rows: Exchange[], served: Exchange, at?: (scene: Scene) => Promise<Ingress>) => void;
  /** As rows, for rows of the same fixture that the API's reference demands, and the official case does not have. */
  beyond: Mirror['rows'];
  /** Declares a case: the HTTPRoutes of the fixture are Accepted by the shared Gateway, their references resolved. */
  accepted: (...routes: string[]) => void;
  /** Declares a case: an HTTPRoute of the fixture is Accepted by the shared Gateway, but not all references resolved. */
  unresolved: (route: string, reason: string) => void;
}

/**
 * What is known of the cases that mirror an official one.
 * @param official its short name; undefined for a case that only this suite has
 * @param features names of Gateway API's feature list
 */
export const mirrored = (official: string | undefined, ...features: string[]): Mirror['facts'] =>
  about({
    ...(official === undefined ? {} : { official }),
    ...(isProvisional(official) ? { provisional: true } : {}),
    dialect: 'gateway-api',
    features,
  });

/**
 * Begins the suite of an official case that stands on the shared Gateway.
 * @param official its short name; undefined for a case that only this suite has
 * @param features names of Gateway API's feature list
 * @param fixtures files under fixtures/, applied beside the shared Gateway and its backends
 * @see https://gateway-api.sigs.k8s.io/concepts/conformance/
 */
export function mirror(official: string | undefined, features: string[], ...fixtures: Fixture[]): Mirror {
  const needed = ['Gateway', 'HTTPRoute', ...features];
  const facts = mirrored(official, ...needed);
  const test = testOn({ shared: 'gateway-api/shared' }, ...fixtures);
  const rowsOf =
    (of: Mirror['facts']): Mirror['rows'] =>
    (rows, served, at = (scene) => scene.gateway().ingress()) => {
      for (const row of rows) {
        test(exchangeTitle(row), of, async ({ scene, expect }) => {
          await expect(await at(scene)).toAnswer(row, { while: served });
        });
      }
    };
  return {
    facts,
    test,
    rows: rowsOf(facts),
    beyond: rowsOf(mirrored(undefined, ...needed)),
    accepted: (...routes) => {
      test(
        `accepted, with references resolved: ${routes.join(', ')}`,
        facts,
        async ({ scene, gateway, expect }) => {
          for (const route of routes) {
            await expect(scene.route(route).at(gateway)).toReport({
              conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
            });
          }
        },
      );
    },
    unresolved: (route, reason) => {
      test(`accepted, with a reference not resolved: ${route}`, facts, async ({ scene, gateway, expect }) => {
        await expect(scene.route(route).at(gateway)).toReport({
          conditions: { Accepted: 'True Accepted', ResolvedRefs: `False ${reason}` },
        });
      });
    },
  };
}
