import { mirrored, v1, v2, v3 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import type { Client } from '../../helpers/tls/certificates.ts';
import { refusedClient } from '../../helpers/traffic/client-certificates.ts';
import { type Exchange, type Expected, exchangeTitle } from '../../helpers/traffic/exchange.ts';

const test = testOn(
  { shared: 'gateway-api/shared' },
  'gateway-api/gateway-frontend-client-certificate-validation',
);
const facts = mirrored(
  'GatewayFrontendClientCertificateValidation',
  'Gateway',
  'GatewayFrontendClientCertificateValidation',
  'HTTPRoute',
);

const tls = { certificate: 'gateway-api/frontend-validation' };

const asks = (name: string, clientCertificate: Client | undefined, answer: Expected): Exchange => {
  const host = `${name}.frontend-validation.example.com`;
  return { request: { host, path: '/', tls: { serverName: host, clientCertificate } }, answer };
};

const answerOf = (backend: string): Expected => ({ status: 200, backend, tls });

/** At each listener: who is let in, and who is not. */
const listeners = [
  {
    listener: 'https',
    served: asks('default', 'trusted', answerOf(v1)),
    others: [
      asks('default', 'untrusted', refusedClient.untrusted),
      asks('default', 'expired', refusedClient.expired),
      asks('default', undefined, refusedClient.none),
    ],
  },
  {
    listener: 'https-with-hostname',
    served: asks('also-default', 'trusted', answerOf(v1)),
    others: [
      asks('also-default', 'untrusted', refusedClient.untrusted),
      asks('also-default', undefined, refusedClient.none),
    ],
  },
  {
    listener: 'https-of-others',
    served: asks('others', 'untrusted', answerOf(v2)),
    others: [
      asks('others', 'trusted', refusedClient.untrusted),
      asks('others', undefined, refusedClient.none),
    ],
  },
  {
    listener: 'https-of-all',
    served: asks('all', undefined, answerOf(v3)),
    others: [asks('all', 'trusted', answerOf(v3)), asks('all', 'untrusted', answerOf(v3))],
  },
  {
    listener: 'http',
    served: {
      request: { host: 'default.frontend-validation.example.com', path: '/' },
      answer: { status: 200, backend: v1 },
    },
    others: [],
  },
] satisfies { listener: string; served: Exchange; others: Exchange[] }[];

for (const { listener, served, others } of listeners) {
  test(`listener ${listener} is programmed`, facts, async ({ gateway, expect }) => {
    await expect(gateway.listener(listener)).toReport({
      conditions: {
        Accepted: 'True Accepted',
        ResolvedRefs: 'True ResolvedRefs',
        Programmed: 'True Programmed',
      },
      outdated: [],
    });
  });

  for (const row of [served, ...others]) {
    test(exchangeTitle(row), facts, async ({ gateway, expect }) => {
      await expect(await gateway.ingress(listener)).toAnswer(row, { while: served });
    });
  }
}

test('validating clients is no insecure mode', facts, async ({ gateway, expect }) => {
  await expect(gateway).toReport({
    conditions: {
      Accepted: 'True Accepted',
      Programmed: 'True Programmed',
      InsecureFrontendValidationMode: null,
    },
    outdated: [],
  });
});

test('accepted, with references resolved', facts, async ({ scene, gateway, expect }) => {
  for (const name of ['frontend-validation', 'frontend-validation-of-others', 'frontend-validation-of-all']) {
    await expect(scene.route(name).at(gateway)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      outdated: [],
    });
  }
});
