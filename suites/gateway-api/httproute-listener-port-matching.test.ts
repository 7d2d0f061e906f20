import { mirror, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const { facts, test, rows, accepted } = mirror(
  'HTTPRouteListenerPortMatching',
  ['HTTPRouteParentRefPort'],
  'gateway-api/httproute-listener-port-matching',
);

accepted('port-80', 'port-8080', 'port-8090-by-name');

for (const [listener, attachedRoutes] of [
  ['http', 1],
  ['foo-8080', 1],
  ['bar-8080', 1],
  ['foo-8090', 1],
  ['bar-8090', 0],
] as const) {
  test(`${attachedRoutes} attached to listener ${listener}`, facts, async ({ gateway, expect }) => {
    await expect(gateway.listener(listener)).toReport({
      conditions: { Accepted: 'True Accepted' },
      attachedRoutes,
    });
  });
}

/** Rows that are asked at a port. */
function at(port: number, listener: string, hosts: [string, string | null][]): void {
  const table = hosts.map(
    ([host, backend]): Exchange => ({
      request: { host, path: '/' },
      answer: backend === null ? notFound : { status: 200, backend },
      why: `at port ${port}`,
    }),
  );
  const [served] = table;
  if (served) rows(table, served, (scene) => scene.gateway().ingress(listener));
}

at(80, 'http', [
  ['foo.example', v1],
  ['foo.example:8080', v1],
  ['bar.example', null],
]);
at(8080, 'foo-8080', [
  ['foo.example', v2],
  ['bar.example', v2],
  ['bar.example:8080', v2],
  ['baz.example', null],
]);
at(8090, 'foo-8090', [
  ['foo.example', v3],
  ['foo.example:80', v3],
  ['bar.example', null],
]);
