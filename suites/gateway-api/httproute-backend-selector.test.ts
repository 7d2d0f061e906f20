import { mirrored, v1, v2 } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';
import { type Exchange, type Expected, serverError } from '../../helpers/traffic/exchange.ts';

const fixture = 'gateway-api/httproute-backend-selector';

const at = (host: string, answer: Expected): Exchange => ({ request: { host, path: '/' }, answer });
const exchange = (answer: Expected): Exchange => at('selector.example.com', answer);
const untouched = at('left-as-it-is.selector.example.com', { status: 200, backend: v1 });

test(
  'a Service is served by the pods that it selects now',
  mirrored(undefined, 'Gateway', 'HTTPRoute'),
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, fixture);
    const ingress = await scene.gateway().ingress();
    const first = exchange({ status: 200, backend: v1 });
    await expect(ingress).toAnswer(first);

    await scene.add(`${fixture}/others`);
    await expect(ingress).toAnswer(exchange({ status: 200, backend: v2 }));

    // 503 is what the API's reference recommends: HTTPRouteRule, backendRefs
    await scene.add(`${fixture}/none`);
    await expect(ingress).toAnswer(exchange(serverError), { while: untouched });

    await scene.add(fixture);
    await expect(ingress).toAnswer(first);
  },
);
