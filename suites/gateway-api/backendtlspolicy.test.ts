import { mirrored } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import { type Exchange, type Expected, exchangeTitle, serverError } from '../../helpers/traffic/exchange.ts';

const test = testOn(
  { shared: 'gateway-api/shared' },
  'gateway-api/tls-backend',
  'gateway-api/backendtlspolicy',
);
const facts = mirrored('BackendTLSPolicy', 'Gateway', 'BackendTLSPolicy', 'HTTPRoute');

const at = (host: string, path: string, answer: Expected): Exchange => ({
  request: { host, path: `/${path}`, marked: true },
  answer,
});
const overTls: Expected = {
  status: 200,
  backend: 'tls-backend',
  seen: { ':tls': /^TLSv1\.[23]$/, ':server-name': 'backend.example.com', ':client-certificate': null },
};

const host = 'policy.backend-tls.example.com';
const valid = at(host, 'valid', { ...overTls, seen: { ...overTls.seen, host } });

for (const row of [
  valid,
  at(host, 'another-authority', serverError),
  { ...at(host, 'plain', { status: 200, backend: 'tls-backend', seen: { ':tls': null } }), why: 'no policy' },
]) {
  test(exchangeTitle(row), facts, async ({ scene, expect }) => {
    await expect(await scene.gateway('shared').ingress()).toAnswer(row, { while: valid });
  });
}

const reEncrypted: Exchange = {
  request: { ...valid.request, tls: { serverName: host } },
  answer: { ...overTls, tls: { certificate: 're-encrypting' } },
};
test(exchangeTitle(reEncrypted), facts, async ({ scene, expect }) => {
  await expect(await scene.gateway('re-encrypting').ingress('https')).toAnswer(reEncrypted);
});

const accepted = {
  conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
  outdated: [],
};
const noAuthority = {
  conditions: { Accepted: 'False NoValidCACertificate', ResolvedRefs: 'False InvalidCACertificateRef' },
  outdated: [],
};

for (const [policy, gateway] of [
  ['valid', 'shared'],
  ['valid', 're-encrypting'],
  ['another-authority', 'shared'],
] as const) {
  test(`policy ${policy} is accepted at Gateway ${gateway}`, facts, async ({ scene, expect }) => {
    await expect(scene.policy(policy).at(scene.gateway(gateway))).toReport(accepted);
  });
}

test(
  'what becomes of an authority is reported, and holds for the backend',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart(
      { shared: 'gateway-api/shared' },
      'gateway-api/tls-backend',
      'gateway-api/backendtlspolicy/changing',
    );
    const changing = scene.policy('changing').at(scene.gateway());
    const ingress = await scene.gateway().ingress();
    const steady = at('changing.backend-tls.example.com', 'steady', overTls);
    const asks = (answer: Expected): Exchange => at('changing.backend-tls.example.com', 'changing', answer);

    await expect(changing).toReport(noAuthority);
    await expect(ingress).toAnswer(asks(serverError), { while: steady });

    await scene.add('gateway-api/backendtlspolicy/right-authority');
    await expect(changing).toReport(accepted);
    await expect(ingress).toAnswer([asks(overTls), steady]);

    await scene.add('gateway-api/backendtlspolicy/no-authority');
    await expect(changing).toReport(noAuthority);
    await expect(ingress).toAnswer(asks(serverError), { while: steady });

    await scene.add('gateway-api/backendtlspolicy/another-authority');
    await expect(changing).toReport(accepted);
    await expect(ingress).toAnswer(asks(serverError), { while: steady });

    await scene.add('gateway-api/backendtlspolicy/right-authority');
    await expect(ingress).toAnswer([asks(overTls), steady]);
  },
);
