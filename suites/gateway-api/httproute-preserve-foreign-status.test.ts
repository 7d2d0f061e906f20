import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const facts = mirrored('HTTPRoutePreserveForeignStatus', 'Gateway', 'HTTPRoute');

const host = 'foreign-status.example.com';
const after: Exchange = { request: { host, path: '/after' }, answer: { status: 200, backend: v1 } };

/** What nobody writes by chance: a controller that writes it anew gives it the present time, or generation. */
const foreign = {
  parentRef: { name: 'unmanaged' },
  controllerName: 'example.com/somebody-else',
  conditions: [
    {
      type: 'Accepted',
      status: 'True',
      reason: 'Accepted',
      message: 'said by somebody else',
      observedGeneration: 1,
      lastTransitionTime: '2024-02-29T12:00:00Z',
    },
  ],
};

test(
  'what another controller reports of a route stays as it is when the route is edited',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart(
      { shared: 'gateway-api/shared' },
      'gateway-api/httproute-preserve-foreign-status',
    );
    const own = scene.route().at(scene.gateway());
    await expect(own).toReport({ conditions: { Accepted: 'True Accepted' } });

    const claim = await scene.claim(scene.route(), '/status/parents', foreign);
    await scene.add('gateway-api/httproute-preserve-foreign-status/edited');
    await expect(own).toReport({ conditions: { Accepted: 'True Accepted' }, outdated: [] });
    await expect(claim).toBeKept();
    await expect(await scene.gateway().ingress()).toAnswer([
      { request: { host, path: '/before' }, answer: notFound },
      after,
    ]);
  },
);
