import { mirror, mirrored, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { type Expected, internalError } from '../../helpers/traffic/exchange.ts';

const { facts, test, accepted } = mirror('HTTPRouteWeight', [], 'gateway-api/httproute-weight');

const host = 'weight.example.com';
const from = (backend: string): Expected => ({ status: 200, backend });

accepted('weight');
test(
  '70 % of requests from one backend, 30 % from another, none from one of weight 0',
  facts,
  async ({ ingress, expect }) => {
    await expect(ingress).toSplit({ host, path: '/weights' }, [
      { weight: 70, answer: from(v1) },
      { weight: 30, answer: from(v2) },
      { weight: 0, answer: from(v3) },
    ]);
  },
);
test(
  'requests over one connection are split as those over many',
  mirrored(undefined, 'Gateway', 'HTTPRoute'),
  async ({ ingress, hold, expect }) => {
    await expect(await hold(ingress)).toSplit({ host, path: '/weights' }, [
      { weight: 70, answer: from(v1) },
      { weight: 30, answer: from(v2) },
    ]);
  },
);
test('a weight that is left out is 1', facts, async ({ ingress, expect }) => {
  await expect(ingress).toSplit({ host, path: '/default' }, [
    { weight: 1, answer: from(v1) },
    { weight: 4, answer: from(v2) },
  ]);
});
test(
  'a reference that cannot be resolved keeps its share, which is answered with 500',
  mirrored(undefined, 'Gateway', 'HTTPRoute'),
  async ({ scene, gateway, ingress, expect }) => {
    await expect(scene.route('weight-invalid').at(gateway)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'False BackendNotFound' },
    });
    await expect(ingress).toSplit({ host: `invalid.${host}`, path: '/' }, [
      { weight: 1, answer: from(v1) },
      { weight: 1, answer: internalError },
    ]);
  },
);
