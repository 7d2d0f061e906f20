import { describe, expect, test } from 'vitest';
import type { Channel } from '../target.ts';
import { connect } from './connect.ts';
import type { Crd } from './features.ts';
import { checkGatewayApi } from './gateway-api.ts';
import { kubeconfigFor, serveApi } from './testdata/api-server.ts';

interface Bundle {
  version?: string | undefined;
  channel?: string | undefined;
  served?: string[];
  established?: boolean;
  spec?: object;
}

/** A CRD as the API server has it, as far as the check reads it. */
function crd(resource: string, bundle: Bundle = {}): Crd {
  const { version = 'v1.6.3', channel = 'standard', served = ['v1'], established = true, spec = {} } = bundle;
  return {
    metadata: {
      name: `${resource}.gateway.networking.k8s.io`,
      annotations: {
        ...(version && { 'gateway.networking.k8s.io/bundle-version': version }),
        ...(channel && { 'gateway.networking.k8s.io/channel': channel }),
      },
    },
    spec: {
      versions: served.map((name) => ({
        name,
        served: true,
        schema: { openAPIV3Schema: { properties: { spec } } },
      })),
    },
    status: { conditions: [{ type: 'Established', status: established ? 'True' : 'False' }] },
  };
}

const three = (bundle: Bundle = {}) =>
  ['gatewayclasses', 'gateways', 'httproutes'].map((resource) => crd(resource, bundle));

/** Schema of a route's spec whose rules have these fields. */
const ruleWith = (fields: object) => ({ properties: { rules: { items: { properties: fields } } } });

async function checked(crds: Crd[], channel?: Channel) {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await using api = await serveApi(
    Object.fromEntries(crds.map((one) => [`${path}/${one.metadata.name}`, one])),
  );
  const cluster = await connect(kubeconfigFor(api.url));
  try {
    return await checkGatewayApi(cluster, channel);
  } finally {
    await cluster.kube.close();
  }
}

describe('CRDs that the suites can use', () => {
  test('are reported with version and channel, whatever the channel when none was asked for', async () => {
    expect((await checked(three())).versions).toEqual({ version: 'v1.6.3', channel: 'standard' });
    expect((await checked(three({ channel: 'experimental' }))).versions.channel).toBe('experimental');
  });

  test.for(['v1.1.0', 'v1.10.0', 'v1.5.0-rc.1', 'v2.0.0', 'v0.0.0-dev'])(
    '%s is new enough',
    async (version) => {
      expect((await checked(three({ version }))).versions.version).toBe(version);
    },
  );

  test('without a field cannot test its feature, with it they can', async () => {
    const [classes, gateways] = three();
    const routes = (fields: object) =>
      [classes, gateways, crd('httproutes', { spec: ruleWith(fields) })] as Crd[];
    const without = await checked(routes({}));
    const having = await checked(routes({ retry: {} }));
    expect(without.untestable).toContain('HTTPRouteRetry');
    expect(having.untestable).not.toContain('HTTPRouteRetry');
    expect(without.notes).toEqual([
      expect.stringMatching(/v1\.6\.3 \(standard\) has no room for: .*HTTPRouteRetry/),
    ]);
  });

  test('take a value only where the field lists it', async () => {
    const statusCode = { enum: [301, 302, 303] };
    const filters = { items: { properties: { requestRedirect: { properties: { statusCode } } } } };
    const { untestable } = await checked([
      ...three().slice(0, 2),
      crd('httproutes', { spec: ruleWith({ filters }) }),
    ]);
    expect(untestable).not.toContain('HTTPRoute303RedirectStatusCode');
    expect(untestable).toContain('HTTPRoute308RedirectStatusCode');
  });

  test('a kind counts only where it is served as v1', async () => {
    const { untestable } = await checked([
      ...three(),
      crd('tlsroutes', { served: ['v1alpha3'] }),
      crd('grpcroutes'),
    ]);
    expect(untestable).toContain('TLSRoute');
    expect(untestable).not.toContain('GRPCRoute');
  });

  test('another version of a CRD beside the needed ones is a note', async () => {
    const { notes } = await checked([...three(), crd('grpcroutes', { version: 'v1.4.1' })]);
    expect(notes).toContain(
      'other Gateway API CRDs are not v1.6.3: grpcroutes.gateway.networking.k8s.io v1.4.1',
    );
  });
});

describe('CRDs that are refused', () => {
  const [classes, gateways, routes] = three() as [Crd, Crd, Crd];
  test.for([
    {
      are: 'absent',
      crds: [],
      got: 'it has none of them',
      next: '--provision, or: kubectl apply --server-side',
    },
    {
      are: 'incomplete',
      crds: [classes, gateways],
      got: 'but not httproutes.gateway.networking.k8s.io',
      next: 'experimental-install.yaml',
    },
    {
      are: 'of two versions',
      crds: [classes, gateways, crd('httproutes', { version: 'v1.2.0' })],
      got: 'they do not belong together: gatewayclasses.gateway.networking.k8s.io v1.6.3 (standard)',
      next: 'make them one version',
    },
    {
      are: 'of two channels',
      crds: [classes, gateways, crd('httproutes', { channel: 'experimental' })],
      got: 'httproutes.gateway.networking.k8s.io v1.6.3 (experimental)',
      next: 'make them one version',
    },
    {
      are: 'unmarked',
      crds: three({ version: '', channel: '' }),
      got: 'no version (no channel)',
      next: 'install a release',
    },
    { are: 'too old', crds: three({ version: 'v1.0.0' }), got: 'they are v1.0.0', next: 'upgrade them' },
    {
      are: 'served in an old version only',
      crds: [classes, gateways, crd('httproutes', { served: ['v1beta1'] })],
      got: 'httproutes.gateway.networking.k8s.io serves v1beta1',
      next: 'upgrade',
    },
    {
      are: 'not established',
      crds: [classes, crd('gateways', { established: false }), routes],
      got: 'gateways.gateway.networking.k8s.io is not established',
      next: 'kubectl describe crd gateways.gateway.networking.k8s.io',
    },
  ])('$are', async ({ crds, got, next }) => {
    await expect(checked(crds)).rejects.toMatchObject({
      name: 'Problem',
      got: expect.stringContaining(got),
      next: expect.stringContaining(next),
    });
  });

  test('of another channel than asked', async () => {
    await expect(checked(three(), 'experimental')).rejects.toMatchObject({
      asked: expect.stringMatching(/experimental channel$/),
      got: 'v1.6.3 of the standard channel',
      next: expect.stringContaining('--channel standard'),
    });
  });
});
