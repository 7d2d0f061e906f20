import { mirrored, v1, v2 } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';
import { type Exchange, internalError } from '../../helpers/traffic/exchange.ts';

const facts = mirrored('HTTPRouteReferenceGrant', 'Gateway', 'HTTPRoute', 'ReferenceGrant');

const toOne = { host: 'one.reference-grant.example.com', path: '/' };
const one: Exchange = { request: toOne, answer: { status: 200, backend: v1 } };
const all: Exchange = {
  request: { host: 'all.reference-grant.example.com', path: '/' },
  answer: { status: 200, backend: v2 },
};
const resolved = { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' };
const notPermitted = { Accepted: 'True Accepted', ResolvedRefs: 'False RefNotPermitted' };

test(
  'a backend of another namespace is served while a grant is there, and no longer',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, 'gateway-api/httproute-reference-grant');
    const gateway = scene.gateway();
    const [routeToOne, routeToAll] = [scene.route('to-the-one'), scene.route('to-any-of-all')].map((route) =>
      route.at(gateway),
    );
    const ingress = await gateway.ingress();

    await expect(routeToOne).toReport({ conditions: resolved });
    await expect(routeToAll).toReport({ conditions: resolved });
    await expect(ingress).toAnswer([one, all]);

    await scene.delete(scene.grant('grant-to-one'));
    await expect(routeToOne).toReport({ conditions: notPermitted });
    await expect(routeToAll).toReport({ conditions: resolved });
    await expect(ingress).toAnswer([{ request: toOne, answer: internalError }, all]);
  },
);
