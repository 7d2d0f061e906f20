import { inEachDialect } from '../../helpers/dialects.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const host = 'late.example.com';
const plain: Exchange = {
  request: { host, path: '/status/200' },
  answer: { status: 200, backend: 'httpbin' },
};
const secure: Exchange = {
  request: { host, path: '/status/200', tls: { serverName: host } },
  answer: { status: 200, backend: 'httpbin', tls: { certificate: 'late' } },
};
/** With the certificate that is in the Secret, or one that was there before. */
const any: Exchange = { ...secure, answer: { ...secure.answer, tls: { certificate: /^late/ } } };

inEachDialect('ingress-gateways/certificate-changes', ({ dialect, fixtures, test, facts }) => {
  test(
    'a certificate that is missing is served when its Secret appears, and its successor without a failed request',
    facts,
    async ({ apart, expect }) => {
      const scene = await apart(...fixtures);
      const edge = scene.edge();
      if (dialect === 'gateway-api') {
        await expect(scene.gateway().listener('https')).toReport({
          conditions: { ResolvedRefs: 'False InvalidCertificateRef' },
        });
      }
      await expect(await edge.ingress('http')).toAnswer(plain);

      await scene.add('ingress-gateways/certificate-changes/secret');

      if (dialect === 'gateway-api') {
        await expect(scene.gateway().listener('https')).toReport({
          conditions: { ResolvedRefs: 'True ResolvedRefs', Programmed: 'True Programmed' },
        });
      }
      const ingress = await edge.ingress('https');
      await expect(ingress).toAnswer(secure);

      await expect(ingress).toKeepAnswering(any, {
        during: async () => {
          await scene.renew('late');
          await expect(ingress).toAnswer(secure);
        },
      });
    },
  );
});
