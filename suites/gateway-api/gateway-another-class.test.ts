import { mirror, v1 } from '../../helpers/gateway-api.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const { facts, test } = mirror(undefined, [], 'gateway-api/gateway-another-class');

const served: Exchange = {
  request: { host: 'another-class.example.com', path: '/' },
  answer: { status: 200, backend: v1 },
};

test(
  'a Gateway of a class that is for another controller is left alone',
  facts,
  async ({ scene, expect }) => {
    const shared = scene.gateway('shared');
    // the controller has seen the route, and so what came with it
    await expect(scene.route('another-class').at(shared)).toReport({
      conditions: { Accepted: 'True Accepted' },
    });
    await expect(await shared.ingress()).toAnswer(served);

    await expect(scene.gateway('of-nobody')).toReport({ addresses: [], listeners: [] });
  },
);
