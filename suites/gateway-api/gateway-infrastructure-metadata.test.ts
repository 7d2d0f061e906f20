import { mirrored } from '../../helpers/gateway-api.ts';
import { podKind } from '../../helpers/pods/types.ts';
import { serviceKind } from '../../helpers/reach/service.ts';
import { testOn } from '../../helpers/test.ts';

const test = testOn('gateway-api/gateway-infrastructure-metadata');
const facts = mirrored('GatewayInfrastructureMetadata', 'Gateway', 'GatewayInfrastructure');

test('what is made for a Gateway carries its labels and annotations', facts, async ({ gateway, expect }) => {
  await expect(gateway).toReport({ conditions: { Accepted: 'True Accepted' }, outdated: [] });
  // its pods are there when it can be reached
  await gateway.ingress();
  await expect([
    gateway.made({ apiVersion: 'v1', kind: 'ServiceAccount' }),
    gateway.made(serviceKind),
    gateway.made(podKind),
  ]).toCarry({
    labels: { 'example.com/team': 'edge' },
    annotations: { 'example.com/contact': 'edge@example.com' },
  });
});
