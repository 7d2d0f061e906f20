import { isIP } from 'node:net';
import { bareAddress, shared } from '../../helpers/dialects.ts';
import { type Service, serviceKind } from '../../helpers/reach/service.ts';
import type { Scene } from '../../helpers/scene.ts';
import { about, testOn } from '../../helpers/test.ts';
import { notFound } from '../../helpers/traffic/exchange.ts';
import { authority } from '../../helpers/traffic/request.ts';

const test = testOn(shared('gateway-api'), bareAddress, 'ingress-gateways/dual-stack');
const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

for (const family of [4, 6] as const) {
  test(
    `the Gateway answers at its IPv${family} address, as a browser asks it`,
    facts,
    async ({ scene, gateway, skip, expect }) => {
      const reason = await notDualStack(scene);
      skip(reason !== undefined, reason);
      const ingress = await gateway.over(family).stated();
      const host = authority(ingress.address);
      await expect(ingress).toAnswer([
        { request: { path: '/anything' }, answer: { status: 200, backend: 'httpbin', seen: { host } } },
        { request: { path: '/anythingx' }, answer: notFound },
      ]);
    },
  );
}

/** Why there is no address of each family to ask; undefined when there is one. */
async function notDualStack(scene: Scene): Promise<string | undefined> {
  const { setup } = scene;
  const { kube } = setup.cluster;
  const { object } = await setup.gateway(scene.gateway().ref.name);
  const service = await kube.get<Service>(setup.find(serviceKind, 'httpbin-dual-stack'));
  const [family, other] = service?.spec.ipFamilies ?? [];
  if (!other) return `the Services of this cluster have ${family} only`;
  const addresses = (object.status?.addresses ?? []).map(({ value }) => value);
  const lacks = [4, 6].filter((each) => !addresses.some((address) => isIP(address) === each));
  return lacks.length === 0
    ? undefined
    : `the load balancer gave the Gateway no IPv${lacks.join(' and no IPv')} address: it has ${addresses.join(', ')}`;
}
