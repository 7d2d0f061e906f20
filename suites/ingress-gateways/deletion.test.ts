import { inEachDialect } from '../../helpers/dialects.ts';
import { istioGatewayKind } from '../../helpers/edge/types.ts';
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
    'a route that is gone gives 404, and the one beside it is served on',
    facts,
    async ({ apart, expect }) => {
      const scene = await apart(...fixtures);
      const ingress = await scene.edge().ingress();
      await expect(ingress).toAnswer([status, headers]);
      if (dialect === 'gateway-api')
        await expect(scene.gateway().listener('http')).toReport({ attachedRoutes: 2 });

      await scene.delete(scene.routing('status'));

      await expect(ingress).toAnswer([{ ...status, answer: notFound }, headers]);
      if (dialect === 'gateway-api')
        await expect(scene.gateway().listener('http')).toReport({ attachedRoutes: 1 });
    },
  );

  if (dialect === 'istio-api') {
    test('a Gateway that is gone stops answering', facts, async ({ apart, expect }) => {
      const scene = await apart(...fixtures);
      const ingress = await scene.edge().ingress();
      await expect(ingress).toAnswer([status, headers]);

      await scene.delete({ ref: scene.setup.find(istioGatewayKind) });

      await expect(ingress).toStopAnswering(status);
    });
  }

  if (dialect === 'gateway-api') {
    test(
      'a Gateway that is gone stops answering, and its Service and Deployment are collected',
      facts,
      async ({ apart, expect }) => {
        const scene = await apart(...fixtures);
        const gateway = scene.gateway();
        const ingress = await gateway.ingress();
        await expect(ingress).toAnswer([status, headers]);
        await expect(gateway.made(serviceKind)).toBeThere();
        await expect(gateway.made(deploymentKind)).toBeThere();

        await scene.delete(gateway);

        await expect(ingress).toStopAnswering(status);
        await expect(gateway.made(serviceKind)).toBeGone();
        await expect(gateway.made(deploymentKind)).toBeGone();
      },
    );
  }
});
