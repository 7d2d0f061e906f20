import { mirror, v1, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const stem = 'gateway-api/httproute-multiple-routes-attachment-same-hostname-intersection';
const { facts, test } = mirror('HTTPRouteMultipleRoutesAttachmentSameHostnameIntersection', [
  'GatewayRouteHostnameIntersectionPrecedence',
]);

const one = 'abc.exact.example';
const any = 'abc.wildcard.example';
const row = (host: string, backend: string): Exchange => ({
  request: { host, path: '/' },
  answer: { status: 200, backend },
});

test(
  'of routes whose hosts meet the listener in the same, the one goes first whose own host is more specific',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, stem);
    const gateway = scene.gateway();
    const ingress = await gateway.ingress();
    await expect(ingress).toAnswer([row(one, v1), row(any, v1)]);
    await scene.add(`${stem}-newer`);
    for (const route of ['any-host-older', 'any-wildcard-older', 'one-host-newer', 'one-wildcard-newer']) {
      await expect(scene.route(route).at(gateway)).toReport({
        conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      });
    }
    await expect(ingress).toAnswer([
      row(one, v2),
      row(any, v2),
      { request: { host: 'other.exact.example', path: '/' }, answer: notFound },
    ]);
  },
);
