import { inEachDialect } from '../../helpers/dialects.ts';
import { istioGatewayKind } from '../../helpers/edge/types.ts';
import { gatewayKind } from '../../helpers/gateway/types.ts';
import { deploymentKind } from '../../helpers/pods/types.ts';
import { serviceKind } from '../../helpers/reach/service.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const host = 'deletion.example.com';
const status: Exchange = {
  request: { host, path: '/status/200' },
  answer: { status: 200, backend: 'httpbin' },
};
const headers: Exchange = { ...status, request: { host, path: '/headers' } };
const ip: Exchange = { ...status, request: { host, path: '/ip' } };

inEachDialect('ingress-gateways/deletion', ({ dialect, fixtures, test, facts }) => {
  test(
    'a route is served as it is now when it is edited, no longer when it is gone, and a Gateway that is gone stops answering',
    facts,
    async ({ apart, expect }) => {
      const scene = await apart(...fixtures);
      const ingress = await scene.edge().ingress();
      await expect(ingress).toAnswer([status, headers, { ...ip, answer: notFound }]);
      // what a controller serves several Gateways by stays when one of them goes
      const own = dialect === 'gateway-api' ? await scene.gateway().own() : undefined;
      if (dialect === 'gateway-api')
        await expect(scene.gateway().listener('http')).toReport({ attachedRoutes: 2 });
      if (own) {
        await expect(own(serviceKind)).toBeThere();
        await expect(own(deploymentKind)).toBeThere();
      }

      await scene.add(`ingress-gateways/deletion/edited/${dialect}`);
      await expect(ingress).toAnswer([status, ip, { ...headers, answer: notFound }]);

      await scene.delete(scene.routing('deletion-status'));

      await expect(ingress).toAnswer([{ ...status, answer: notFound }, ip]);
      if (dialect === 'ingress') return;
      if (dialect === 'gateway-api')
        await expect(scene.gateway().listener('http')).toReport({ attachedRoutes: 1 });

      const gatewayKinds = { 'gateway-api': gatewayKind, 'istio-api': istioGatewayKind };
      await scene.delete({ ref: scene.setup.find(gatewayKinds[dialect]) });

      await expect(ingress).toStopAnswering(ip);
      if (!own) return;
      await expect(own(serviceKind)).toBeGone();
      await expect(own(deploymentKind)).toBeGone();
    },
  );
});
