import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Answers, kubeconfigFor, serveApi } from '../preflight/testdata/api-server.ts';
import { crdPath, GATEWAY_CLASSES, well } from '../preflight/testdata/well.ts';
import { existingTarget } from './index.ts';

/** What existingTarget makes of a cluster that KUBECONFIG leads to. */
async function targetOf(
  answers: Answers,
  { provision = false, gatewayClass = 'acme', context = 'test' } = {},
) {
  await using api = await serveApi({ ...well, ...answers });
  vi.stubEnv('KUBECONFIG', kubeconfigFor(api.url).kubeconfig);
  onTestFinished(() => void vi.unstubAllEnvs());
  const said: string[] = [];
  const outcome = await existingTarget({ context, provision, gatewayClass }, (line) => said.push(line)).catch(
    (error: unknown) => ({ error }),
  );
  const reviews = /^POST .*\/selfsubject(access)?reviews$/;
  const changes = api.asked.filter((request) => !request.startsWith('GET ') && !reviews.test(request));
  return { outcome, said, changes };
}

const bare: Answers = {
  ...Object.fromEntries(
    ['gatewayclasses', 'gateways', 'httproutes'].map((resource) => [crdPath(resource), 404]),
  ),
  [GATEWAY_CLASSES]: 404,
};

interface Review {
  spec: { resourceAttributes: { verb: string } };
}

const notAdministrator: Answers = {
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': ({ spec }: Review) => ({
    status: { allowed: spec.resourceAttributes.verb !== '*' },
  }),
};

test('a context that is well becomes a target, unchanged, and its notes are said', async () => {
  const { outcome, said, changes } = await targetOf({});
  expect(outcome).toEqual({
    kind: 'existing',
    kubeconfig: expect.stringMatching(/^\/.*config-\d+$/),
    context: 'test',
    gatewayClass: 'acme',
    imageSource: 'unknown',
    versions: {
      kubernetes: 'v1.36.3',
      gatewayApi: { version: 'v1.6.3', channel: 'standard' },
      implementation: 'acme.com/gateway',
    },
    features: {
      supported: ['Gateway', 'HTTPRoute', 'ReferenceGrant'],
      source: expect.stringContaining('--features'),
      untestable: expect.arrayContaining(['GRPCRoute', 'HTTPRouteRetry']),
    },
    implementation: {},
  });
  expect(said).toEqual([expect.stringContaining('has no room for')]);
  expect(changes).toEqual([]);
});

describe('nothing is changed', () => {
  test('when what is missing was not asked to be provisioned', async () => {
    const { outcome, changes } = await targetOf(bare);
    expect(outcome).toMatchObject({
      error: { got: 'it has none of them', next: expect.stringContaining('--provision') },
    });
    expect(changes).toEqual([]);
  });

  test('by provisioning where nothing is missing, which takes no administrator', async () => {
    const { outcome, changes } = await targetOf(notAdministrator, { provision: true });
    expect(outcome).toMatchObject({ kind: 'existing' });
    expect(changes).toEqual([]);
  });

  test('by provisioning for a user who is no administrator', async () => {
    const { outcome, changes } = await targetOf({ ...bare, ...notAdministrator }, { provision: true });
    expect(outcome).toMatchObject({ error: { got: 'its user may not do everything (verb *, resource *)' } });
    expect(changes).toEqual([]);
  });

  test('by provisioning where something else is wrong, too', async () => {
    const halfInstalled = { [crdPath('httproutes')]: 404, [GATEWAY_CLASSES]: { items: [] } };
    const { outcome, changes } = await targetOf(halfInstalled, { provision: true, gatewayClass: 'istio' });
    expect(outcome).toMatchObject({ error: { cause: expect.stringContaining('was interrupted') } });
    expect(changes).toEqual([]);
  });

  test('in another context than the one that was named', async () => {
    const { outcome, changes } = await targetOf({}, { provision: true, context: 'tset' });
    expect(outcome).toMatchObject({ error: { got: expect.stringMatching(/it has: test$/) } });
    expect(changes).toEqual([]);
  });
});
