import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const facts = mirrored(undefined, 'Gateway', 'HTTPRoute', 'HTTPRouteResponseHeaderModification');

const asked = (name: string, path: string) => ({ host: `${name}.edits.example.com`, path });
const served = (name: string, path: string, headers = {}): Exchange => ({
  request: asked(name, path),
  answer: { status: 200, backend: v1, headers },
});
const gone = (name: string, path: string): Exchange => ({ request: asked(name, path), answer: notFound });
const untouched = served('left-as-it-is', '/');

test(
  'an edited route is served at the host and path that it has now, with the filter that it has now',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, 'gateway-api/httproute-edits');
    const ingress = await scene.gateway().ingress();
    await expect(ingress).toAnswer([
      served('first', '/first', { 'x-first': 'first', 'x-second': null }),
      gone('second', '/second'),
      untouched,
    ]);

    await scene.add('gateway-api/httproute-edits/second');

    await expect(ingress).toAnswer([
      served('second', '/second', { 'x-first': null, 'x-second': 'second' }),
      gone('first', '/first'),
      gone('first', '/second'),
      gone('second', '/first'),
      untouched,
    ]);
  },
);
