import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const fixture = 'gateway-api/httproute-another-gateway';

const request = { host: 'another-gateway.example.com', path: '/' };
const served: Exchange = { request, answer: { status: 200, backend: v1 } };
const gone: Exchange = { request, answer: notFound };
const stays: Exchange = { ...served, request: { ...request, host: `stays.${request.host}` } };

test(
  'a route that goes to another Gateway is served there, and no longer where it was',
  mirrored(undefined, 'Gateway', 'HTTPRoute'),
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, { shared: 'gateway-api/listeners' }, fixture);
    const [former, present] = [scene.gateway('shared'), scene.gateway('listeners')];
    await expect(await former.ingress()).toAnswer([served, stays]);

    await scene.add(`${fixture}/moved`);

    await expect(scene.route('another-gateway').at(present)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      outdated: [],
    });
    await expect(await present.ingress('another-gateway')).toAnswer(served);
    await expect(await former.ingress()).toAnswer([gone, stays]);
  },
);
