import { mirrored } from '../../helpers/gateway-api.ts';
import { test } from '../../helpers/test.ts';
import type { Exchange } from '../../helpers/traffic/exchange.ts';

const facts = mirrored('BackendTLSPolicyConflictResolution', 'Gateway', 'BackendTLSPolicy', 'HTTPRoute');
const fixture = 'gateway-api/backendtlspolicy-conflict-resolution';

const named = (path: string, serverName: string): Exchange => ({
  request: { host: 'conflict.backend-tls.example.com', path: `/${path}` },
  answer: { status: 200, backend: 'tls-backend', seen: { ':server-name': serverName } },
});
const [first, second] = ['other-backend.example.com', 'backend.example.com'] as const;
const beside = [named('both', first), named('both-at-another-port', second)];

const accepted = { conditions: { Accepted: 'True Accepted' }, outdated: [] };
const conflicted = { conditions: { Accepted: 'False Conflicted' }, outdated: [] };

test(
  'of two policies for the same the first holds, and the second when that is gone',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart({ shared: 'gateway-api/shared' }, 'gateway-api/tls-backend', fixture);
    const gateway = scene.gateway();
    const ingress = await gateway.ingress();
    await expect(ingress).toAnswer([named('service', first), named('port', first), ...beside]);

    await scene.add(`${fixture}/conflicting`);
    for (const policy of ['service-2', 'port-2']) {
      await expect(scene.policy(policy).at(gateway)).toReport(conflicted);
    }
    for (const policy of ['service-1', 'port-1', 'both-service', 'both-port']) {
      await expect(scene.policy(policy).at(gateway)).toReport(accepted);
    }
    await expect(ingress).toAnswer([named('service', first), named('port', first), ...beside]);

    await scene.delete(scene.policy('service-1'));
    await scene.delete(scene.policy('port-1'));
    for (const policy of ['service-2', 'port-2']) {
      await expect(scene.policy(policy).at(gateway)).toReport(accepted);
    }
    await expect(ingress).toAnswer([named('service', second), named('port', second), ...beside]);
  },
);
