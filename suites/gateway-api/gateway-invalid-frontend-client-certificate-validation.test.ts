import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import type { Client } from '../../helpers/tls/certificates.ts';
import { refusedClient } from '../../helpers/traffic/client-certificates.ts';
import { type Exchange, type Expected, exchangeTitle } from '../../helpers/traffic/exchange.ts';

const fixtures = 'gateway-api/gateway-invalid-frontend-client-certificate-validation';
const test = testOn({ shared: 'gateway-api/shared' }, fixtures);
const facts = mirrored(
  'GatewayInvalidFrontendClientCertificateValidation',
  'Gateway',
  'GatewayFrontendClientCertificateValidation',
  'HTTPRoute',
  'ReferenceGrant',
);

const asks = (host: string, clientCertificate: Client | undefined, answer: Expected): Exchange => ({
  request: { host, path: '/', tls: { serverName: host, clientCertificate } },
  answer,
});
const answerOf = (certificate: string): Expected => ({ status: 200, backend: v1, tls: { certificate } });

const valid = {
  conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs', Programmed: 'True Programmed' },
  outdated: [],
};
const invalid = (reason: string) => ({
  conditions: {
    Accepted: 'False NoValidCACertificate',
    ResolvedRefs: `False ${reason}`,
    Programmed: 'False',
  },
  outdated: [],
});

for (const [listener, reason, of] of [
  ['nonexistent', 'InvalidCACertificateRef', facts],
  // the official case has no such listener
  ['without-key', 'InvalidCACertificateRef', mirrored(undefined, ...facts.meta.conformance.features)],
  ['unknown-kind', 'InvalidCACertificateKind', facts],
  ['grant-missing', 'RefNotPermitted', facts],
] as const) {
  test(`listener ${listener} reports ${reason}`, of, async ({ gateway, expect }) => {
    await expect(gateway.listener(listener)).toReport(invalid(reason));
  });
}

for (const listener of ['valid', 'granted']) {
  const host = `${listener}.invalid-validation.example.com`;
  const served = asks(host, 'trusted', answerOf('gateway-api/invalid-validation'));

  test(`listener ${listener} is programmed beside them`, facts, async ({ gateway, expect }) => {
    await expect(gateway.listener(listener)).toReport(valid);
  });

  for (const row of [
    served,
    asks(host, 'untrusted', refusedClient.untrusted),
    asks(host, undefined, refusedClient.none),
  ]) {
    test(exchangeTitle(row), facts, async ({ gateway, expect }) => {
      await expect(await gateway.ingress(listener)).toAnswer(row, { while: served });
    });
  }
}

test(
  'what becomes of an authority holds for the clients of its port, and for no others',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, `${fixtures}/valid`);
    const gateway = scene.gateway('validation-edited');
    const [https, granted] = [await gateway.ingress('https'), await gateway.ingress('granted')];
    const answer = answerOf('gateway-api/validation-edited');
    const host = 'default.validation-edited.example.com';
    const known = asks('granted.validation-edited.example.com', 'trusted', answer);
    await expect(https).toAnswer([
      asks(host, 'trusted', answer),
      asks(host, 'untrusted', refusedClient.untrusted),
    ]);
    await expect(granted).toAnswer(known);

    await scene.add(`${fixtures}/another-authority`);
    const asItIsNow = [
      asks(host, 'untrusted', answer),
      asks(host, 'trusted', refusedClient.untrusted),
      asks(host, undefined, refusedClient.none),
    ];
    await expect(https).toAnswer(asItIsNow);
    await expect(granted).toAnswer(known);

    await scene.delete(scene.grant('granted'));
    await expect(gateway.listener('granted')).toReport(invalid('RefNotPermitted'));
    await expect(gateway.listener('https')).toReport(valid);
    await expect(granted).toStopAnswering(known);
    await expect(https).toAnswer(asItIsNow);
  },
);
