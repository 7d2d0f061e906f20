import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';
import { type Exchange, type Expected, exchangeTitle, uncertified } from '../../helpers/traffic/exchange.ts';

const test = testOn({ shared: 'gateway-api/shared' }, 'gateway-api/gateway-secret-reference-grants');
const factsOf = (official: string | undefined) => mirrored(official, 'Gateway', 'ReferenceGrant');

const resolved = {
  conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs', Programmed: 'True Programmed' },
  outdated: [],
  supportedKinds: ['HTTPRoute'],
};
const notPermitted = {
  conditions: { ResolvedRefs: 'False RefNotPermitted', Programmed: 'False' },
  outdated: [],
  supportedKinds: ['HTTPRoute'],
};

const at = (host: string, answer: Expected): Exchange => ({
  request: { host, path: '/', tls: { serverName: host } },
  answer,
});
const with200 = (certificate: string): Expected => ({ status: 200, backend: v1, tls: { certificate } });

const specific = at('specific.secret-grant.example.com', with200('grants-one/certificate'));

const listeners = [
  { official: 'GatewaySecretMissingReferenceGrant', listener: 'missing' },
  // what is granted to nobody does not tell whether it is there; officially asked from v1.7 on
  { official: undefined, listener: 'nonexistent' },
  { official: 'GatewaySecretInvalidReferenceGrant', listener: 'invalid' },
  { official: 'GatewaySecretReferenceGrantSpecific', listener: 'specific', namespace: 'grants-one' },
  {
    official: 'GatewaySecretReferenceGrantAllInNamespace',
    listener: 'all-in-namespace',
    namespace: 'grants-all',
  },
];

for (const { official, listener, namespace } of listeners) {
  const facts = factsOf(official);
  const [status, answer] = namespace
    ? [resolved, with200(`${namespace}/certificate`)]
    : [notPermitted, uncertified];
  const row = at(`${listener}.secret-grant.example.com`, answer);

  test(
    `listener ${listener} reports ResolvedRefs ${status.conditions.ResolvedRefs}`,
    facts,
    async ({ gateway, expect }) => {
      await expect(gateway.listener(listener)).toReport(status);
    },
  );
  test(exchangeTitle(row), facts, async ({ gateway, expect }) => {
    await expect(await gateway.ingress('specific')).toAnswer(row, { while: specific });
  });
}

test(
  'a certificate is served while a grant is there, and no longer',
  factsOf('GatewaySecretReferenceGrantSpecific'),
  async ({ apart, expect }) => {
    const scene = await apart(
      { shared: 'gateway-api/shared' },
      'gateway-api/gateway-secret-reference-grants/removed',
    );
    const gateway = scene.gateway();
    const ingress = await gateway.ingress('specific');
    const host = 'specific.grant-removed.example.com';
    const all = at('all-in-namespace.grant-removed.example.com', with200('grants-all/certificate'));

    await expect(gateway.listener('specific')).toReport(resolved);
    await expect(ingress).toAnswer([at(host, with200('grants-one/certificate')), all]);

    await scene.delete(scene.grant('specific'));
    await expect(gateway.listener('specific')).toReport(notPermitted);
    await expect(gateway.listener('all-in-namespace')).toReport(resolved);
    await expect(ingress).toAnswer([at(host, uncertified), all]);
  },
);
