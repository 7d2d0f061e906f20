import { deploymentKind } from '../../helpers/pods/types.ts';
import { serviceKind } from '../../helpers/reach/service.ts';
import { about, test } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const host = 'httpbin.example.com';
const status: Exchange = {
  request: { host, path: '/status/200' },
  answer: { status: 200, backend: 'httpbin' },
};
const headers: Exchange = {
  request: { host, path: '/headers' },
  answer: { status: 200, backend: 'httpbin' },
};

test(
  'a route that is gone gives 404, and the one beside it is served on',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart('httpbin', 'ingress-gateways/deletion');
    const gateway = scene.gateway();
    const ingress = await gateway.ingress();
    await expect(ingress).toAnswer([status, headers]);
    await expect(gateway.listener('http')).toReport({ attachedRoutes: 2 });

    await scene.delete(scene.route('status'));

    await expect(ingress).toAnswer([{ ...status, answer: notFound }, headers]);
    await expect(gateway.listener('http')).toReport({ attachedRoutes: 1 });
  },
);

test(
  'a Gateway that is gone stops answering, and its Service and Deployment are collected',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart('httpbin', 'ingress-gateways/deletion');
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
