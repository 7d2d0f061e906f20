import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const facts = mirrored('GatewayModifyListeners', 'Gateway');

const secure = 'secure.modify-listeners.example.com';
const data = 'data.modify-listeners.example.com';
const overTls: Exchange = {
  request: { host: secure, path: '/served', tls: { serverName: secure } },
  answer: { status: 200, backend: v1, tls: { certificate: 'gateway-api/modify-listeners' } },
};
const plain: Exchange = { request: { host: data, path: '/served' }, answer: { status: 200, backend: v1 } };
const ofOtherHost: Exchange = { request: { host: secure, path: '/served' }, answer: notFound };

const serves = {
  conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs', Programmed: 'True Programmed' },
  outdated: [],
  attachedRoutes: 1,
  supportedKinds: ['HTTPRoute'],
};

test(
  'a listener that is added is served, and one that is removed no longer',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, 'gateway-api/gateway-modify-listeners');
    const gateway = scene.gateway();
    const https = await gateway.ingress('https');
    await expect(gateway.listener('https')).toReport(serves);
    await expect(https).toAnswer(overTls);

    await scene.add('gateway-api/gateway-modify-listeners/added');
    await expect(gateway.listener('http')).toReport(serves);
    await expect(gateway.listener('https')).toReport(serves);
    const http = await gateway.ingress('http');
    await expect(http).toAnswer([plain, ofOtherHost]);
    await expect(https).toAnswer(overTls);

    await scene.add('gateway-api/gateway-modify-listeners/removed');
    await expect(gateway).toReport({ listeners: ['http'], outdated: [] });
    await expect(gateway.listener('http')).toReport(serves);
    await expect(https).toStopAnswering(overTls);
    await expect(http).toAnswer([plain, ofOtherHost]);
  },
);
