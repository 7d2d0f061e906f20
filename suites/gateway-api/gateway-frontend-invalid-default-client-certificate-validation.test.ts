import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import type { Client } from '../../helpers/tls/certificates.ts';
import { refusedClient } from '../../helpers/traffic/client-certificates.ts';
import { type Exchange, type Expected, exchangeTitle } from '../../helpers/traffic/exchange.ts';

const fixtures = 'gateway-api/gateway-frontend-invalid-default-client-certificate-validation';
const test = testOn({ shared: 'gateway-api/shared' }, fixtures);
const facts = mirrored(
  'GatewayFrontendInvalidDefaultClientCertificateValidation',
  'Gateway',
  'GatewayFrontendClientCertificateValidation',
  'HTTPRoute',
);

const asks = (name: string, clientCertificate: Client | undefined, answer: Expected): Exchange => {
  const host = `${name}.example.com`;
  return { request: { host, path: '/', tls: { serverName: host, clientCertificate } }, answer };
};
const asksPlain = (name: string): Exchange => ({
  request: { host: `${name}.example.com`, path: '/' },
  answer: { status: 200, backend: v1 },
});
const answerOf = (certificate: string): Expected => ({ status: 200, backend: v1, tls: { certificate } });

const valid = {
  conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs', Programmed: 'True Programmed' },
  outdated: [],
};
const invalid = {
  conditions: {
    Accepted: 'False NoValidCACertificate',
    ResolvedRefs: 'False InvalidCACertificateRef',
    Programmed: 'False',
  },
  outdated: [],
};

for (const [listener, status] of [
  ['https', invalid],
  ['http', valid],
  ['https-with-authority', valid],
] as const) {
  test(
    `listener ${listener} reports Accepted ${status.conditions.Accepted}`,
    facts,
    async ({ gateway, expect }) => {
      await expect(gateway.listener(listener)).toReport(status);
    },
  );
}

const plain = asksPlain('invalid-default');
test(exchangeTitle(plain), facts, async ({ gateway, expect }) => {
  await expect(await gateway.ingress('http')).toAnswer(plain);
});

const served = asks('invalid-default', 'trusted', answerOf('gateway-api/invalid-default'));
for (const row of [
  served,
  asks('invalid-default', 'untrusted', refusedClient.untrusted),
  asks('invalid-default', undefined, refusedClient.none),
]) {
  test(exchangeTitle(row), facts, async ({ gateway, expect }) => {
    await expect(await gateway.ingress('https-with-authority')).toAnswer(row, { while: served });
  });
}

test(
  'a listener whose authority is deleted stops answering until it is back, and that of plain HTTP goes on',
  facts,
  async ({ apart, expect }) => {
    const authority = `${fixtures}/deleted-authority`;
    const scene = await apart({ shared: 'gateway-api/shared' }, `${fixtures}/deleted`, authority);
    const gateway = scene.gateway('default-deleted');
    const [http, https] = [await gateway.ingress('http'), await gateway.ingress('https')];
    const known = asks('default-deleted', 'trusted', answerOf('gateway-api/default-deleted'));
    await expect(https).toAnswer(known);

    await scene.delete(scene.configMap('default-deleted'));
    await expect(gateway.listener('https')).toReport(invalid);
    await expect(gateway.listener('http')).toReport(valid);
    await expect(https).toStopAnswering(known);
    await expect(http).toAnswer(asksPlain('default-deleted'));

    await scene.add(authority);
    await expect(gateway.listener('https')).toReport(valid);
    await expect(https).toAnswer([
      known,
      asks('default-deleted', undefined, refusedClient.none),
      asks('default-deleted', 'untrusted', refusedClient.untrusted),
    ]);
  },
);
