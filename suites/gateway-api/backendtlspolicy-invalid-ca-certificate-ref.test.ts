import { mirror } from '../../helpers/gateway-api.ts';
import { type Exchange, type Expected, serverError } from '../../helpers/traffic/exchange.ts';

const { test, facts, rows } = mirror(
  'BackendTLSPolicyInvalidCACertificateRef',
  ['BackendTLSPolicy'],
  'gateway-api/tls-backend',
  'gateway-api/backendtlspolicy-invalid-ca-certificate-ref',
);

const at = (path: string, answer: Expected): Exchange => ({
  request: { host: 'ca-certificate-ref.backend-tls.example.com', path: `/${path}`, marked: true },
  answer,
});
const valid = at('valid', {
  status: 200,
  backend: 'tls-backend',
  seen: { ':server-name': 'backend.example.com' },
});

const invalid = [
  ['nonexistent', 'InvalidCACertificateRef'],
  ['without-key', 'InvalidCACertificateRef'],
] as const;

for (const [policy, reason] of invalid) {
  test(`policy ${policy} reports ${reason}`, facts, async ({ scene, gateway, expect }) => {
    await expect(scene.policy(policy).at(gateway)).toReport({
      conditions: { Accepted: 'False NoValidCACertificate', ResolvedRefs: `False ${reason}` },
      outdated: [],
    });
  });
}

rows([valid, ...invalid.map(([policy]) => at(policy, serverError))], valid);
