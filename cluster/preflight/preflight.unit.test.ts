import { describe, expect, test } from 'vitest';
import { preflight } from './index.ts';
import { type Answers, kubeconfigFor, serveApi } from './testdata/api-server.ts';
import { crdPath, GATEWAY_CLASSES, well } from './testdata/well.ts';

async function flown(answers: Answers) {
  await using api = await serveApi({ ...well, ...answers });
  return await preflight(kubeconfigFor(api.url), { gatewayClass: 'acme' });
}

test('a cluster that is well gives its versions, and says what it cannot test', async () => {
  expect(await flown({})).toEqual({
    versions: {
      kubernetes: 'v1.36.3',
      gatewayApi: { version: 'v1.6.3', channel: 'standard' },
      implementation: 'acme.com/gateway',
    },
    features: {
      supported: ['Gateway', 'HTTPRoute', 'ReferenceGrant'],
      source: expect.stringContaining('--features'),
      untestable: expect.arrayContaining(['GRPCRoute', 'HTTPRouteRetry', 'HTTPRouteRetryCodes']),
    },
    implementation: {},
    notes: [expect.stringContaining('has no room for')],
  });
});

describe('of several problems the first in the documented order is thrown', () => {
  const denied = { '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': { status: { allowed: false } } };
  const noCrds = { [crdPath('httproutes')]: 404 };
  const noClass = { [GATEWAY_CLASSES]: { items: [] } };
  const noBalancer = {
    '/api/v1/nodes': { items: [] },
    '/api/v1/services': {
      items: [
        {
          metadata: { name: 'web', namespace: 'shop', creationTimestamp: '2020-01-01T00:00:00Z' },
          spec: { type: 'LoadBalancer' },
          status: {},
        },
      ],
    },
  };

  test.for([
    {
      first: 'rights',
      answers: { ...denied, ...noCrds, ...noClass, ...noBalancer },
      asked: 'check the rights',
    },
    { first: 'CRDs', answers: { ...noCrds, ...noClass, ...noBalancer }, asked: 'find the Gateway API CRDs' },
    { first: 'GatewayClass', answers: { ...noClass, ...noBalancer }, asked: 'find GatewayClass "acme"' },
    { first: 'load balancer', answers: noBalancer, asked: 'find what hands out load balancer addresses' },
  ])('$first', async ({ answers, asked }) => {
    await expect(flown(answers)).rejects.toMatchObject({
      name: 'Problem',
      asked: expect.stringContaining(asked),
    });
  });
});

test('what is no Problem is not made one', async () => {
  await expect(flown({ [GATEWAY_CLASSES]: { items: 'not a list' } })).rejects.toBeInstanceOf(TypeError);
});
