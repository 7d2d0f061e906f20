import { mirrored } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';

const test = testOn('gateway-api/gateway-invalid-tls-backend-configuration');
const facts = mirrored(
  'GatewayInvalidTLSBackendConfiguration',
  'Gateway',
  'BackendTLSPolicy',
  'GatewayBackendClientCertificate',
  'HTTPRoute',
);

for (const [gateway, resolved] of [
  ['nonexistent-secret', 'False InvalidClientCertificateRef'],
  ['unsupported-group', 'False InvalidClientCertificateRef'],
  ['unsupported-kind', 'False InvalidClientCertificateRef'],
  ['malformed-secret', 'False InvalidClientCertificateRef'],
  ['missing-grant', 'False RefNotPermitted'],
  ['granted', 'True ResolvedRefs'],
  ['valid', 'True ResolvedRefs'],
] as const) {
  test(`Gateway ${gateway} reports ResolvedRefs ${resolved}`, facts, async ({ scene, expect }) => {
    await expect(scene.gateway(gateway)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: resolved },
      outdated: [],
    });
  });
}
