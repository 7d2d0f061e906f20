import { expect, test } from 'vitest';
import { type Answers, kubeconfigFor, serveApi } from '../preflight/testdata/api-server.ts';
import { well } from '../preflight/testdata/well.ts';
import { diagnoseCluster } from './index.ts';

const both = ['10.96.0.0/16', 'fd00:10:96::/112'];

async function found({ cidrs, env }: { cidrs: string[]; env: object[] }) {
  const istiod = {
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: { template: { spec: { containers: [{ image: 'pilot:1.31.0', env }] } } },
    status: { readyReplicas: 1 },
  };
  const answers: Answers = {
    ...well,
    '/apis/networking.k8s.io/v1/servicecidrs': { items: [{ spec: { cidrs } }] },
    '/apis/apps/v1/deployments?labelSelector=app%3Distiod': { items: [istiod] },
  };
  await using api = await serveApi(answers);
  return await diagnoseCluster(kubeconfigFor(api.url), { gatewayClass: 'acme' });
}

test.for([
  { env: [], that: 'has not the switch' },
  { env: [{ name: 'ISTIO_DUAL_STACK', value: 'false' }], that: 'has it off' },
])('an Istio that $that in a dual-stack cluster', async ({ env }) => {
  expect(await found({ cidrs: both, env })).toEqual([
    {
      wrong:
        'Istio does not know that this cluster is dual stack: its gateways listen on the first family only',
      evidence: ['Deployment istio-system/istiod has no ISTIO_DUAL_STACK=true'],
      next: expect.stringContaining('--set values.pilot.env.ISTIO_DUAL_STACK=true'),
    },
  ]);
});

test.for([
  { cidrs: both, env: [{ name: 'ISTIO_DUAL_STACK', value: 'true' }], that: 'has the switch on' },
  { cidrs: ['10.96.0.0/16'], env: [], that: 'has one family to serve' },
])('an Istio that $that is well', async ({ cidrs, env }) => {
  expect(await found({ cidrs, env })).toEqual([]);
});
