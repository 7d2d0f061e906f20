import { mirrored } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const facts = mirrored('BackendTLSPolicyObservedGenerationBump', 'Gateway', 'BackendTLSPolicy', 'HTTPRoute');
const fixture = 'gateway-api/backendtlspolicy-observed-generation-bump';

const named = (serverName: string): Exchange => ({
  request: { host: 'generation-bump.backend-tls.example.com', path: '/' },
  answer: { status: 200, backend: 'tls-backend', seen: { ':server-name': serverName } },
});
const current = {
  conditions: { Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' },
  outdated: [],
};

test('an edited policy is judged anew, and followed as it is now', facts, async ({ apart, expect }) => {
  const scene = await apart({ shared: 'gateway-api/shared' }, 'gateway-api/tls-backend', fixture);
  const policy = scene.policy().at(scene.gateway());
  const ingress = await scene.gateway().ingress();
  await expect(policy).toReport(current);
  await expect(ingress).toAnswer(named('backend.example.com'));

  await scene.add(`${fixture}/edited`);
  await expect(policy).toReport(current);
  await expect(ingress).toAnswer(named('other-backend.example.com'));
});
