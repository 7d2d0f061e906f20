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
const headers: Exchange = {
  request: { host, path: '/headers' },
  answer: { status: 200, backend: 'httpbin' },
};

inEachDialect('ingress-gateways/deletion', ({ dialect, fixtures, test, facts }) => {
  test(
    'a route that is gone gives 404 while the one beside it is served, and a Gateway that is gone stops answering',
    facts,
    async ({ apart, expect }) => {
      const scene = await apart(...fixtures);
      const ingress = await scene.edge().ingress();
      await expect(ingress).toAnswer([status, headers]);
      // what a controller serves several Gateways by stays when one of them goes
      const own = dialect === 'gateway-api' ? await scene.gateway().own() : undefined;
      if (dialect === 'gateway-api')
        await expect(scene.gateway().listener('http')).toReport({ attachedRoutes: 2 });
      if (own) {
        await expect(own(serviceKind)).toBeThere();
        await expect(own(deploymentKind)).toBeThere();
      }

      await scene.delete(scene.routing('deletion-status'));

      await expect(ingress).toAnswer([{ ...status, answer: notFound }, headers]);
      if (dialect === 'ingress') return;
      if (dialect === 'gateway-api')
        await expect(scene.gateway().listener('http')).toReport({ attachedRoutes: 1 });

      const gatewayKinds = { 'gateway-api': gatewayKind, 'istio-api': istioGatewayKind };
      await scene.delete({ ref: scene.setup.find(gatewayKinds[dialect]) });

      await expect(ingress).toStopAnswering(headers);
      if (!own) return;
      await expect(own(serviceKind)).toBeGone();
      await expect(own(deploymentKind)).toBeGone();
    },
  );
});
