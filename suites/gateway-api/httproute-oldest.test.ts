import { mirrored, v1, v2 } from '../../helpers/gateway-api.ts';
import { addYounger } from '../../helpers/setup/younger.ts';
import { test } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const fixture = 'gateway-api/httproute-oldest';

const from = (backend: string, path: string): Exchange => ({
  request: { host: 'oldest.example.com', path },
  answer: { status: 200, backend },
});
const own = from(v2, '/own');

test(
  'of two routes that match alike the older one is taken, whatever their names',
  mirrored(undefined, 'Gateway', 'HTTPRoute'),
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, fixture);
    const ingress = await scene.gateway().ingress();
    await expect(ingress).toAnswer([from(v1, '/both'), { ...own, answer: notFound }]);

    await addYounger(scene, `${fixture}/younger`, { younger: 'oldest-a-younger', older: 'oldest-z-older' });

    await expect(ingress).toAnswer([from(v1, '/both'), own]);

    await scene.delete(scene.route('oldest-z-older'));

    await expect(ingress).toAnswer([from(v2, '/both'), own]);
  },
);
