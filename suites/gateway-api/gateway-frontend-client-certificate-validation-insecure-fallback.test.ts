import { mirrored, v1, v2 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import type { Client } from '../../helpers/tls/certificates.ts';
import { refusedClient } from '../../helpers/traffic/client-certificates.ts';
import { type Exchange, type Expected, exchangeTitle } from '../../helpers/traffic/exchange.ts';

const fixtures = 'gateway-api/gateway-frontend-client-certificate-validation-insecure-fallback';
const test = testOn({ shared: 'gateway-api/shared' }, fixtures);
const facts = mirrored(
  'GatewayFrontendClientCertificateValidationInsecureFallback',
  'Gateway',
  'GatewayFrontendClientCertificateValidation',
  'GatewayFrontendClientCertificateValidationInsecureFallback',
  'HTTPRoute',
);

const asks = (name: string, clientCertificate: Client | undefined, answer: Expected): Exchange => {
  const host = `${name}.insecure-fallback.example.com`;
  return { request: { host, path: '/', tls: { serverName: host, clientCertificate } }, answer };
};
const answerOf = (backend: string, certificate = 'gateway-api/insecure-fallback'): Expected => ({
  status: 200,
  backend,
  tls: { certificate },
});
const everybody = ['trusted', 'untrusted', 'expired', undefined] as const;

const known = asks('valid-only', 'trusted', answerOf(v1));
const listeners = [
  { listener: 'https', rows: everybody.map((client) => asks('default', client, answerOf(v1))) },
  { listener: 'https-of-others', rows: everybody.map((client) => asks('others', client, answerOf(v2))) },
  {
    listener: 'https-valid-only',
    rows: [
      known,
      asks('valid-only', 'untrusted', refusedClient.untrusted),
      asks('valid-only', 'expired', refusedClient.expired),
      asks('valid-only', undefined, refusedClient.none),
    ],
    beside: { while: known },
  },
];

test('the Gateway says that its mode is insecure', facts, async ({ gateway, expect }) => {
  await expect(gateway).toReport({
    conditions: {
      Accepted: 'True Accepted',
      Programmed: 'True Programmed',
      InsecureFrontendValidationMode: 'True ConfigurationChanged',
    },
    outdated: [],
  });
});

for (const { listener, rows, beside } of listeners) {
  for (const row of rows) {
    test(exchangeTitle(row), facts, async ({ gateway, expect }) => {
      await expect(await gateway.ingress(listener)).toAnswer(row, beside);
    });
  }
}

test(
  'when the fallback ends, clients are validated and the Gateway says so no more',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, `${fixtures}/allowed`);
    const gateway = scene.gateway('fallback-ended');
    const answer = answerOf(v1, 'gateway-api/fallback-ended');
    await expect(gateway).toReport({
      conditions: { InsecureFrontendValidationMode: 'True ConfigurationChanged' },
      outdated: [],
    });
    const ingress = await gateway.ingress('https');
    await expect(ingress).toAnswer([asks('ended', undefined, answer), asks('ended', 'untrusted', answer)]);

    await scene.add(`${fixtures}/ended`);
    await expect(gateway).toReport({
      conditions: { Programmed: 'True Programmed', InsecureFrontendValidationMode: null },
      outdated: [],
    });
    await expect(ingress).toAnswer([
      asks('ended', 'trusted', answer),
      asks('ended', 'untrusted', refusedClient.untrusted),
      asks('ended', undefined, refusedClient.none),
    ]);
  },
);
