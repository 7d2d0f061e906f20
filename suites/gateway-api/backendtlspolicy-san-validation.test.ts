import { mirror } from '../../helpers/gateway-api.ts';
import { type Exchange, type Expected, serverError } from '../../helpers/traffic/exchange.ts';

const { test, facts, rows } = mirror(
  'BackendTLSPolicySANValidation',
  ['BackendTLSPolicy', 'BackendTLSPolicySANValidation'],
  'gateway-api/tls-backend',
  'gateway-api/backendtlspolicy-san-validation',
);

const at = (path: string, answer: Expected): Exchange => ({
  request: { host: 'san.backend-tls.example.com', path: `/${path}`, marked: true },
  answer,
});
const named = (path: string, serverName: string): Exchange =>
  at(path, { status: 200, backend: 'tls-backend', seen: { ':server-name': serverName } });

const served = ['dns', 'uri', 'several', 'one-of-several'];
const mismatches = ['dns-mismatch', 'uri-mismatch', 'several-mismatch'];

for (const policy of [...served, ...mismatches, 'hostname-aside']) {
  test(`policy ${policy} is accepted`, facts, async ({ scene, gateway, expect }) => {
    await expect(scene.policy(policy).at(gateway)).toReport({
      conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
      outdated: [],
    });
  });
}

const aside = named('hostname-aside', 'another.example.com');
rows(
  [
    ...served.map((path) => named(path, 'backend.example.com')),
    ...mismatches.map((path) => at(path, serverError)),
    // where alternative names are given, the certificate need not be for the host name
    aside,
  ],
  aside,
);
