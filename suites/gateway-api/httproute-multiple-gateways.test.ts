import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows } = mirror(
  'HTTPRouteMultipleGateways',
  [],
  { shared: 'gateway-api/listeners' },
  'gateway-api/httproute-multiple-gateways',
);

const host = 'multiple-gateways.example.com';

/** Rows that are asked at a listener of a Gateway. */
function at(gateway: string, listener: string, backends: [string, string | null][]): void {
  const table = backends.map(
    ([url, backend]): Exchange => ({
      request: { host: url.replace(/\/.*/, ''), path: url.replace(/^[^/]*/, '') },
      answer: backend === null ? notFound : { status: 200, backend },
      why: `at ${gateway}`,
    }),
  );
  const [served] = table;
  if (served) rows(table, served, (scene) => scene.gateway(gateway).ingress(listener));
}

for (const [route, gateway] of [
  ['at-both-gateways', 'shared'],
  ['at-both-gateways', 'listeners'],
  ['at-the-shared-gateway', 'shared'],
  ['at-the-second-gateway', 'listeners'],
] as const) {
  test(`${route} accepted by ${gateway}`, facts, async ({ scene, expect }) => {
    await expect(scene.route(route).at(scene.gateway(gateway))).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
    });
  });
}

at('shared', 'http', [
  [`${host}/both`, v1],
  [`${host}/`, v2],
  [`${host}/bothx`, v2],
  [`second.${host}/`, null],
]);
at('listeners', 'multiple-gateways', [
  [`${host}/both`, v1],
  [`${host}/`, v3],
  [`${host}/bothx`, v3],
  [`second.${host}/`, v3],
  [`second.${host}/both`, v3],
]);
