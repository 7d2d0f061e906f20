import { shared } from '../../helpers/dialects.ts';
import { about, test } from '../../helpers/test.ts';
import { type Exchange, uncertified } from '../../helpers/traffic/exchange.ts';

const facts = about({
  dialect: 'gateway-api',
  official: 'GatewaySecretReferenceGrantSpecific',
  features: ['Gateway', 'HTTPRoute', 'ReferenceGrant'],
});

const at = (name: string): Exchange => ({
  request: {
    host: `${name}.example.com`,
    path: '/status/200',
    tls: { serverName: `${name}.example.com` },
  },
  answer: { status: 200, backend: 'httpbin', tls: { certificate: `${name}/${name}` } },
});
const granted = at('granted');
const closed = at('closed');
const notServed: Exchange = { ...closed, answer: uncertified };

const resolved = { conditions: { ResolvedRefs: 'True ResolvedRefs' } };
const notPermitted = { conditions: { ResolvedRefs: 'False RefNotPermitted' } };

test(
  'a certificate of another namespace is served while a ReferenceGrant of that namespace permits it',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart(
      shared('gateway-api'),
      'ingress-gateways/certificate-of-another-namespace/gateway',
    );
    const gateway = scene.gateway();
    await expect(gateway.listener('https')).toReport(resolved);
    await expect(gateway.listener('https-closed')).toReport(notPermitted);
    const ingress = await gateway.ingress('https');
    await expect(ingress).toAnswer([granted, notServed]);

    await scene.add('ingress-gateways/certificate-of-another-namespace/grant');

    await expect(gateway.listener('https-closed')).toReport(resolved);
    await expect(ingress).toAnswer([granted, closed]);

    await scene.delete(scene.grant('this-secret'));

    await expect(gateway.listener('https-closed')).toReport(notPermitted);
    await expect(ingress).toAnswer([granted, notServed]);
  },
);
