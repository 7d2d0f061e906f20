import { mirror, mirrored, v1, v2 } from '../../helpers/gateway-api.ts';
import { type Exchange, internalError } from '../../helpers/traffic/exchange.ts';

const { rows, accepted, unresolved, test } = mirror(
  'HTTPRouteInvalidNonExistentBackendRef',
  [],
  'gateway-api/httproute-invalid-nonexistent-backendref',
);

const there: Exchange = {
  request: { host: 'there.backend.example.com', path: '/' },
  answer: { status: 200, backend: v1 },
};

unresolved('backend-that-is-not-there', 'BackendNotFound');
accepted('backend-that-is-there');
rows(
  [{ request: { host: 'not-there.backend.example.com', path: '/' }, answer: internalError }, there],
  there,
);

const ownFacts = mirrored(undefined, 'Gateway', 'HTTPRoute');

test('a Service that comes after the route is resolved and served', ownFacts, async ({ apart, expect }) => {
  const host = 'late.backend.example.com';
  const late = { host, path: '/late' };
  const early: Exchange = { request: { host, path: '/early' }, answer: { status: 200, backend: v2 } };
  const scene = await apart(
    { shared: 'gateway-api/shared' },
    'gateway-api/httproute-invalid-nonexistent-backendref/late',
  );
  const route = scene.route().at(scene.gateway());
  const ingress = await scene.gateway().ingress();

  await expect(route).toReport({
    conditions: { Accepted: 'True Accepted', ResolvedRefs: 'False BackendNotFound' },
  });
  await expect(ingress).toAnswer([{ request: late, answer: internalError }, early]);

  await scene.add('gateway-api/httproute-invalid-nonexistent-backendref/service');
  await expect(route).toReport({
    conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
  });
  await expect(ingress).toAnswer([{ request: late, answer: { status: 200, backend: v1 } }, early]);
});
