import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows } = mirror(
  'HTTPRouteMultipleGateways',
  [],
  'gateway-api/httproute-multiple-gateways',
);

const host = 'multiple-gateways.example.com';

/** Rows that are asked at a Gateway. */
function at(gateway: string, backends: [string, string | null][]): void {
  const table = backends.map(
    ([url, backend]): Exchange => ({
      request: { host: url.replace(/\/.*/, ''), path: url.replace(/^[^/]*/, '') },
      answer: backend === null ? notFound : { status: 200, backend },
      why: `at ${gateway}`,
    }),
  );
  const [served] = table;
  if (served) rows(table, served, (scene) => scene.gateway(gateway).ingress());
}

for (const [route, gateway] of [
  ['at-both-gateways', 'shared'],
  ['at-both-gateways', 'second'],
  ['at-the-shared-gateway', 'shared'],
  ['at-the-second-gateway', 'second'],
] as const) {
  test(`${route} accepted by ${gateway}`, facts, async ({ scene, expect }) => {
    await expect(scene.route(route).at(scene.gateway(gateway))).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
    });
  });
}

at('shared', [
  [`${host}/both`, v1],
  [`${host}/`, v2],
  [`${host}/bothx`, v2],
  [`second.${host}/`, null],
]);
at('second', [
  [`${host}/both`, v1],
  [`${host}/`, v3],
  [`${host}/bothx`, v3],
  [`second.${host}/`, v3],
  [`second.${host}/both`, v3],
]);
