import { describe, expect, test } from 'vitest';
import { connect } from './connect.ts';
import { checkGatewayClass } from './gateway-class.ts';
import { checkImplementation } from './implementation.ts';
import { Missing } from './missing.ts';
import { type Answers, kubeconfigFor, serveApi } from './testdata/api-server.ts';

interface Accepted {
  status: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

const ISTIO = 'istio.io/gateway-controller';
const accepted: Accepted = { status: 'True', reason: 'Accepted', message: 'Handled', observedGeneration: 2 };
const waiting: Accepted = { status: 'Unknown', reason: 'Pending', message: 'Waiting for controller' };

const gatewayClass = (
  name: string,
  controllerName: string,
  condition?: Accepted,
  supportedFeatures?: unknown[],
) => ({
  metadata: { name, generation: 2 },
  spec: { controllerName },
  status: { conditions: condition ? [{ type: 'Accepted', ...condition }] : [], supportedFeatures },
});

const istiod = (rev: string, version: string, readyReplicas = 1) => ({
  metadata: { name: `istiod-${rev}`, namespace: 'istio-system', labels: { 'istio.io/rev': rev } },
  spec: {
    replicas: 1,
    template: { spec: { containers: [{ image: `docker.io:443/istio/pilot:${version}` }] } },
  },
  status: { readyReplicas },
});

const EG = 'gateway.envoyproxy.io/gatewayclass-controller';
const envoyGateway = (image: string, readyReplicas: number) => ({
  metadata: { name: 'envoy-gateway', namespace: 'envoy-gateway-system' },
  spec: { replicas: 1, template: { spec: { containers: [{ image }] } } },
  status: { readyReplicas },
});

const classes = (...items: object[]): Answers => ({
  '/apis/gateway.networking.k8s.io/v1/gatewayclasses': { items },
});
const revisions = (...items: object[]): Answers => ({ '/apis/apps/v1/deployments': { items } });
const webhooks = '/apis/admissionregistration.k8s.io/v1';

async function within<T>(
  answers: Answers,
  check: (cluster: Awaited<ReturnType<typeof connect>>) => Promise<T>,
) {
  await using api = await serveApi(answers);
  const cluster = await connect(kubeconfigFor(api.url));
  try {
    return await check(cluster);
  } finally {
    await cluster.kube.close();
  }
}

const checked = (name: string, answers: Answers) =>
  within(answers, (cluster) => checkGatewayClass(cluster, name));
const behind = (controllerName: string, answers: Answers) =>
  within(answers, (cluster) => checkImplementation(cluster, controllerName));

describe('GatewayClass', () => {
  test('that is accepted gives its controller', async () => {
    expect(await checked('istio', classes(gatewayClass('istio', ISTIO, accepted)))).toEqual({
      controllerName: ISTIO,
      features: [],
    });
  });

  test.for([
    { since: 'v1.2', published: [{ name: 'Gateway' }, { name: 'HTTPRouteCORS' }] },
    { since: 'v1.0', published: ['Gateway', 'HTTPRouteCORS'] },
  ])(
    'gives the features that its status publishes, as they are written since $since',
    async ({ published }) => {
      const answers = classes(gatewayClass('acme', 'acme.com/gateway', accepted, published));
      expect(await checked('acme', answers)).toMatchObject({ features: ['Gateway', 'HTTPRouteCORS'] });
    },
  );

  test('is unknown without the CRDs', async () => {
    expect(await checked('istio', {})).toBeUndefined();
  });

  test.for([
    { is: 'that nobody looked at', condition: undefined, got: 'it has no condition Accepted' },
    { is: 'that waits', condition: waiting, got: 'Accepted is Unknown (Pending: Waiting for controller)' },
    {
      is: 'accepted before its last change',
      condition: { ...accepted, observedGeneration: 1 },
      got: 'Accepted is True (Accepted: Handled), but for generation 1 of 2: no controller has seen its last change',
    },
    {
      is: 'accepted for no generation at all',
      condition: { status: 'True', reason: 'Accepted' },
      got: 'Accepted is True (Accepted), but for generation unknown of 2: no controller has seen its last change',
    },
  ])('$is is refused', async ({ condition, got }) => {
    const answers = classes(
      gatewayClass('acme', 'acme.com/gateway', condition),
      gatewayClass('cilium', 'io.cilium/gateway-controller', accepted),
    );
    await expect(checked('acme', answers)).rejects.toMatchObject({
      asked: 'use GatewayClass "acme" (controller acme.com/gateway)',
      got,
      cause:
        'no controller in this cluster answers to the name acme.com/gateway; controllers here have accepted cilium (io.cilium/gateway-controller)',
    });
  });

  test('that its controller refuses is not called unseen', async () => {
    const condition = {
      status: 'False',
      reason: 'InvalidParameters',
      message: 'no such ConfigMap',
      observedGeneration: 2,
    };
    await expect(
      checked('acme', classes(gatewayClass('acme', 'acme.com/gateway', condition))),
    ).rejects.toMatchObject({
      got: 'Accepted is False (InvalidParameters: no such ConfigMap)',
      cause: 'acme.com/gateway has looked at it and refuses it',
    });
  });

  test.for([
    {
      there: [istiod('canary', '1.31.0')],
      cause:
        'istiod runs, but does not handle it: revisions canary 1.31.0 (istio-system/istiod-canary, 1/1 ready)',
    },
    {
      there: [istiod('default', '1.31.0', 0)],
      cause: 'istiod is not ready: revisions default 1.31.0 (istio-system/istiod-default, 0/1 ready)',
    },
    { there: [], cause: 'Istio is not installed: no Deployment has the label app=istiod' },
  ])('of Istio that waits: $cause', async ({ there, cause }) => {
    const answers = { ...classes(gatewayClass('istio', ISTIO, waiting)), ...revisions(...there) };
    await expect(checked('istio', answers)).rejects.toMatchObject({ cause });
  });

  test('of another name: those that exist are named, and one that is accepted is offered', async () => {
    const answers = classes(
      gatewayClass('acme', 'acme.com/gateway', waiting),
      gatewayClass('istio', ISTIO, accepted),
    );
    await expect(checked('isto', answers)).rejects.toMatchObject({
      got: 'there is none of that name; there are: acme (acme.com/gateway), istio (istio.io/gateway-controller)',
      next: 'npm test -- --context test --gateway-class istio',
    });
  });

  test('istio without Istio is what provisioning brings', async () => {
    const refusal = await checked('istio', { ...classes(), ...revisions() }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Missing);
    expect(refusal).toMatchObject({
      part: 'istio',
      got: 'the cluster has no GatewayClass',
      next: expect.stringMatching(
        /^npm test -- --context test --provision, or: istioctl install --set profile=minimal /,
      ),
    });
  });

  test('istio that a running istiod has not made is not', async () => {
    const answers = { ...classes(), ...revisions(istiod('default', '1.31.0')) };
    const refusal = await checked('istio', answers).catch((error: unknown) => error);
    expect(refusal).not.toBeInstanceOf(Missing);
    expect(refusal).toMatchObject({ cause: expect.stringContaining('istiod makes that class') });
  });
});

describe('implementation', () => {
  test('of another controller goes by its name', async () => {
    expect(await behind('acme.com/gateway', {})).toEqual({ version: 'acme.com/gateway', notes: [] });
  });

  test('Istio goes by the image tag of istiod', async () => {
    expect(await behind(ISTIO, revisions(istiod('default', '1.31.0')))).toEqual({
      version: 'Istio 1.31.0',
      release: '1.31.0',
      controller: { name: 'istiod', labels: 'app=istiod' },
      notes: [],
    });
  });

  describe('another one that is known', () => {
    test('goes by the image tag of its controller', async () => {
      const digest = `sha256:${'0'.repeat(64)}`;
      const answers = revisions(envoyGateway(`docker.io/envoyproxy/gateway:v1.9.1@${digest}`, 1));
      expect(await behind(EG, answers)).toEqual({
        version: 'Envoy Gateway v1.9.1',
        release: 'v1.9.1',
        controller: { name: 'envoy-gateway', labels: 'control-plane=envoy-gateway' },
        notes: [],
      });
    });

    test.for([
      { why: 'is not in the cluster', answers: revisions(), says: 'no Deployment has the label' },
      { why: 'may not be looked at', answers: { '/apis/apps/v1/deployments': 403 }, says: 'not known' },
    ])('has no version where its controller $why', async ({ answers, says }) => {
      expect(await behind(EG, answers)).toEqual({
        version: 'Envoy Gateway',
        notes: [expect.stringContaining(says)],
      });
    });

    test('whose controller died after accepting its class is refused', async () => {
      const answers = revisions(envoyGateway('docker.io/envoyproxy/gateway:v1.9.1', 0));
      await expect(behind(EG, answers)).rejects.toMatchObject({
        asked: 'find the Envoy Gateway that serves context "test"',
        got: 'Deployment envoy-gateway-system/envoy-gateway: 0/1 ready',
        cause: expect.stringContaining('no pod of its controller is ready now'),
        next: expect.stringMatching(/^kubectl describe deployment envoy-gateway .*--context test$/),
      });
    });
  });

  test('Istio outside the cluster has no version', async () => {
    expect(await behind(ISTIO, revisions())).toMatchObject({
      version: ISTIO,
      notes: [expect.stringContaining('external')],
    });
  });

  test.for([
    {
      by: 'tag',
      at: `${webhooks}/mutatingwebhookconfigurations`,
      answer: { items: [{ metadata: { name: 't', labels: { 'istio.io/rev': 'blue' } } }] },
    },
    {
      by: 'default revision',
      at: `${webhooks}/validatingwebhookconfigurations/istiod-default-validator`,
      answer: { metadata: { name: 'v', labels: { 'istio.io/rev': 'blue' } } },
    },
  ])('of several Istios is the one the $by points to', async ({ at, answer }) => {
    const answers = { ...revisions(istiod('green', '1.30.0'), istiod('blue', '1.31.0')), [at]: answer };
    const { version, notes } = await behind(ISTIO, answers);
    expect(version).toBe('Istio 1.31.0');
    expect(notes).toEqual([expect.stringMatching(/green 1\.30\.0 .*; Gateways without a label go to blue$/)]);
  });

  test('Istio that no Gateway without a label reaches is refused', async () => {
    const answers = {
      ...revisions(istiod('green', '1.30.0')),
      [`${webhooks}/mutatingwebhookconfigurations`]: { items: [] },
    };
    await expect(behind(ISTIO, answers)).rejects.toMatchObject({
      got: 'revisions green 1.30.0 (istio-system/istiod-green, 1/1 ready)',
      cause: expect.stringContaining('Waiting for controller'),
      next: expect.stringMatching(/^istioctl tag set default --revision green .*--context test$/),
    });
  });

  test('Istio whose istiod died after accepting its class is refused', async () => {
    await expect(behind(ISTIO, revisions(istiod('default', '1.31.0', 0)))).rejects.toMatchObject({
      cause: expect.stringContaining('no pod of istiod is ready now'),
    });
  });

  test('a user who may not see the default revision gets a note', async () => {
    const answers = {
      ...revisions(istiod('blue', '1.31.0')),
      [`${webhooks}/mutatingwebhookconfigurations`]: 403,
    };
    expect(await behind(ISTIO, answers)).toMatchObject({
      version: 'Istio 1.31.0',
      notes: [expect.stringContaining('cannot tell')],
    });
  });
});
