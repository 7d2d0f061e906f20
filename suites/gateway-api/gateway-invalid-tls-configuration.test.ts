import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import { type Exchange, type Expected, exchangeTitle, uncertified } from '../../helpers/traffic/exchange.ts';

const test = testOn({ shared: 'gateway-api/shared' }, 'gateway-api/gateway-invalid-tls-configuration');
const facts = mirrored('GatewayInvalidTLSConfiguration', 'Gateway');

const at = (listener: string, answer: Expected): Exchange => {
  const host = `${listener}.tls-configuration.example.com`;
  return { request: { host, path: '/', tls: { serverName: host } }, answer };
};
const valid = at('valid', {
  status: 200,
  backend: v1,
  tls: { certificate: 'gateway-api/tls-configuration' },
});

test('the listener with a certificate is programmed', facts, async ({ gateway, expect }) => {
  await expect(gateway.listener('valid')).toReport({
    conditions: {
      Accepted: 'True Accepted',
      ResolvedRefs: 'True ResolvedRefs',
      Programmed: 'True Programmed',
    },
    outdated: [],
    supportedKinds: ['HTTPRoute'],
  });
});

for (const listener of ['nonexistent-secret', 'unsupported-group', 'unsupported-kind', 'malformed-secret']) {
  test(`the listener with ${listener} has no certificate`, facts, async ({ gateway, expect }) => {
    await expect(gateway.listener(listener)).toReport({
      conditions: { ResolvedRefs: 'False InvalidCertificateRef', Programmed: 'False' },
      outdated: [],
      supportedKinds: ['HTTPRoute'],
    });
  });

  const row = at(listener, uncertified);
  test(exchangeTitle(row), facts, async ({ gateway, expect }) => {
    await expect(await gateway.ingress('valid')).toAnswer(row, { while: valid });
  });
}
