import { mirrored } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import { type Exchange, exchangeTitle } from '../../helpers/traffic/exchange.ts';

const fixture = 'gateway-api/gateway-tls-backend-client-certificate';
const test = testOn('gateway-api/tls-backend', fixture);
const facts = mirrored(
  'GatewayTLSBackendClientCertificate',
  'Gateway',
  'BackendTLSPolicy',
  'GatewayBackendClientCertificate',
  'HTTPRoute',
);

const shown = (clientCertificate: string | null, host: string): Exchange => ({
  request: { host, path: '/tls' },
  answer: {
    status: 200,
    backend: 'tls-backend',
    seen: { ':server-name': 'backend.example.com', ':client-certificate': clientCertificate },
  },
});
const host = 'client-certificate.backend-tls.example.com';

for (const { gateway, why, row } of [
  { gateway: 'with-certificate', why: 'a certificate is shown', row: shown('gateway-client', host) },
  { gateway: 'without-certificate', why: 'none is shown', row: shown(null, host) },
  {
    gateway: 'with-certificate',
    why: 'plain text where no policy is',
    row: {
      request: { host, path: '/plain' },
      answer: { status: 200, backend: 'tls-backend', seen: { ':tls': null } },
    },
  },
] satisfies { gateway: string; why: string; row: Exchange }[]) {
  test(exchangeTitle({ ...row, why: `Gateway ${gateway}, ${why}` }), facts, async ({ scene, expect }) => {
    await expect(await scene.gateway(gateway).ingress()).toAnswer(row);
  });
}

test(
  'the reference to the certificate is resolved, and the policy accepted',
  facts,
  async ({ scene, expect }) => {
    const gateway = scene.gateway('with-certificate');
    await expect(gateway).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      outdated: [],
    });
    await expect(scene.policy().at(gateway)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      outdated: [],
    });
  },
);

// the official case renews none
const ofOurs = mirrored(undefined, ...facts.meta.conformance.features);

test('a certificate that is renewed is shown instead of the former', ofOurs, async ({ apart, expect }) => {
  const scene = await apart('gateway-api/tls-backend', `${fixture}/renewed`);
  const ingress = await scene.gateway().ingress();
  const row = shown('gateway-client', 'renewed-client-certificate.backend-tls.example.com');
  await expect(ingress).toAnswer(row);

  await scene.renew('gateway-client');
  await expect(ingress).toAnswer(row);
});
