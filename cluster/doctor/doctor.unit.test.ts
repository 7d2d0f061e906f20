import { describe, expect, test } from 'vitest';
import type { Facts } from '../../helpers/diagnose/facts.ts';
import { answersOf } from '../../helpers/diagnose/testdata/api.ts';
import { recorded } from '../../helpers/diagnose/testdata/facts.ts';
import { type Answers, kubeconfigFor, serveApi } from '../preflight/testdata/api-server.ts';
import { crdPath, GATEWAY_CLASSES, well } from '../preflight/testdata/well.ts';
import { diagnoseCluster } from './index.ts';

const pods = (namespace: string, ...items: object[]): Answers => ({
  [`/api/v1/namespaces/${namespace}/pods`]: { items },
});
const node = (conditions: object[], spec: object = {}): Answers => ({
  '/api/v1/nodes': {
    items: [{ metadata: { name: 'one' }, spec: { providerID: 'gce://x', ...spec }, status: { conditions } }],
  },
});
const dns = (...conditions: object[]): Answers => ({
  '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices': {
    items: [{ endpoints: conditions.map((one) => ({ conditions: one })) }],
  },
});

async function found(answers: Answers) {
  await using api = await serveApi({ ...well, ...answers });
  return await diagnoseCluster(kubeconfigFor(api.url), { gatewayClass: 'acme' });
}

test('a cluster that is well has no findings', async () => {
  expect(await found({})).toEqual([]);
});

test('a cluster that does not answer is one finding', async () => {
  const findings = await diagnoseCluster(kubeconfigFor('https://no-such-cluster.invalid'), {
    gatewayClass: 'acme',
  });
  expect(findings).toEqual([
    {
      wrong: expect.stringContaining('does not resolve'),
      evidence: [expect.stringContaining('no-such-cluster.invalid')],
      next: expect.stringContaining('kubectl version'),
    },
  ]);
});

test('all problems of the preflight are listed, not only the first', async () => {
  const wrongs = await found({
    [crdPath('httproutes')]: 404,
    [GATEWAY_CLASSES]: { items: [] },
  });
  expect(wrongs.map(({ wrong }) => wrong)).toEqual([
    expect.stringContaining('an installation of the CRDs was interrupted'),
    expect.stringContaining('the implementation that brings it is not installed'),
  ]);
});

test('what is no Problem is not made a finding', async () => {
  await expect(found({ [GATEWAY_CLASSES]: { items: 'not a list' } })).rejects.toBeInstanceOf(TypeError);
});

test('what the user may not see is one finding', async () => {
  const findings = await found({ '/api/v1/nodes': 403, '/api/v1/services': 403 });
  expect(findings).toEqual([
    {
      wrong: 'the user of this context may not see everything that can be wrong',
      evidence: [
        'read the nodes: /api/v1/nodes: Forbidden',
        'read the Services: /api/v1/services: Forbidden',
      ],
      next: expect.stringContaining('--clusterrole=ingress-conformance-evidence --user=jane'),
    },
  ]);
});

describe('nodes', () => {
  test.for([
    {
      that: 'is not ready',
      conditions: [
        {
          type: 'Ready',
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
        },
      ],
      wrong: 'node one is not ready',
      evidence: 'Ready is Unknown (NodeStatusUnknown): Kubelet stopped posting node status.',
    },
    {
      that: 'runs out of disk',
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'DiskPressure', status: 'True' },
      ],
      wrong: 'node one has DiskPressure',
      evidence: 'DiskPressure is True',
    },
  ])('one that $that', async ({ conditions, wrong, evidence }) => {
    expect(await found(node(conditions))).toEqual([
      { wrong, evidence: [evidence], next: expect.stringContaining('kubectl describe node one') },
    ]);
  });

  test('none at all', async () => {
    expect(await found({ '/api/v1/nodes': { items: [] } })).toContainEqual({
      wrong: 'no pod can run',
      evidence: ['the cluster has no nodes'],
      next: expect.stringContaining('kubectl get nodes'),
    });
  });

  test('one that is cordoned', async () => {
    const [finding] = await found(node([{ type: 'Ready', status: 'True' }], { unschedulable: true }));
    expect(finding).toMatchObject({
      wrong: 'node one takes no new pods',
      next: expect.stringContaining('kubectl uncordon one'),
    });
  });
});

const pod = (namespace: string, status: object, metadata: object = {}) => ({
  metadata: { name: 'p', namespace, ...metadata },
  status,
});

describe('pods', () => {
  test("one that finds no node, with the scheduler's reason", async () => {
    const conditions = [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: '0/1 nodes are available: 1 Insufficient cpu.',
      },
    ];
    expect(await found(pods('istio-system', pod('istio-system', { phase: 'Pending', conditions })))).toEqual([
      {
        wrong: 'pod istio-system/p finds no node',
        evidence: ['Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.'],
        next: expect.stringContaining('kubectl describe nodes'),
      },
    ]);
  });

  test('one that crashes, with how it ended', async () => {
    const containerStatuses = [
      {
        name: 'speaker',
        ready: false,
        restartCount: 7,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
        lastState: { terminated: { reason: 'Error', exitCode: 1 } },
      },
    ];
    expect(
      await found(pods('metallb-system', pod('metallb-system', { phase: 'Running', containerStatuses }))),
    ).toEqual([
      {
        wrong: 'pod metallb-system/p crashes again and again',
        evidence: [
          'container speaker restarted 7 times, CrashLoopBackOff: back-off 5m0s, ended with Error (exit code 1)',
        ],
        next: expect.stringContaining(
          'kubectl logs p --container speaker --previous --namespace metallb-system',
        ),
      },
    ]);
  });

  test('one whose image cannot be pulled', async () => {
    const containerStatuses = [
      {
        name: 'c',
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } },
      },
    ];
    expect(
      await found(pods('kube-system', pod('kube-system', { phase: 'Pending', containerStatuses }))),
    ).toEqual([
      {
        wrong: 'pod kube-system/p is not ready',
        evidence: ['phase Pending', 'container c, ImagePullBackOff: no such image'],
        next: expect.stringContaining('kubectl describe pod p --namespace kube-system'),
      },
    ]);
  });

  test.for([
    {
      that: 'is ready',
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      metadata: {},
    },
    { that: 'has done its work', status: { phase: 'Succeeded' }, metadata: {} },
    {
      that: 'is going',
      status: { phase: 'Running' },
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    },
  ])('one that $that is no finding', async ({ status, metadata }) => {
    expect(await found(pods('kube-system', pod('kube-system', status, metadata)))).toEqual([]);
  });
});

describe('DNS', () => {
  test('without a ready endpoint', async () => {
    expect(await found(dns({ ready: false }, { ready: false }))).toMatchObject([
      {
        wrong: 'names do not resolve in the cluster',
        evidence: ['none of the 2 endpoints of Service kube-system/kube-dns is ready'],
      },
    ]);
  });

  test('without any endpoint', async () => {
    expect(await found(dns())).toMatchObject([
      { evidence: [expect.stringContaining('no endpoints at Service kube-system/kube-dns')] },
    ]);
  });

  test('an endpoint that does not say is ready', async () => {
    expect(await found(dns({}))).toEqual([]);
  });
});

/** A cluster that is well but for what was recorded of gateways. */
async function foundOf(recording: 'gateways' | 'routes', answers: Answers = {}) {
  const facts = recorded(recording);
  // nothing of them can be reached from here
  for (const { status } of facts.gateways) if (status) status.addresses = [];
  const nodes = { ...(well['/api/v1/nodes'] as object), metadata: {} };
  return await found({ ...answersOf(facts), '/api/v1/nodes': nodes, ...gatewayClasses, ...answers });
}

const gatewayClasses: Answers = { [GATEWAY_CLASSES]: withClasses(recorded('gateways')) };

function withClasses({ gatewayClasses: recordedClasses }: Facts): object {
  const { items } = well[GATEWAY_CLASSES] as { items: object[] };
  return { items: [...items, ...recordedClasses], metadata: {} };
}

describe('gateways', () => {
  test('each that is not served, in the words of a failure', async () => {
    const wrongs = await foundOf('gateways');
    expect(wrongs).toContainEqual({
      wrong: expect.stringContaining('there is no GatewayClass "no-such-class"'),
      evidence: expect.arrayContaining(['Gateway class-unknown/web: gatewayClassName is no-such-class']),
      next: expect.stringContaining('get gatewayclasses'),
    });
    expect(wrongs).toContainEqual({
      wrong: expect.stringContaining('gives Service pool-unknown/web-istio no address'),
      evidence: expect.arrayContaining([
        expect.stringContaining('event AllocationFailed (metallb-controller)'),
      ]),
      next: expect.stringContaining('-n pool-unknown describe service web-istio'),
    });
    expect(wrongs).toContainEqual(
      expect.objectContaining({
        wrong: expect.stringContaining('serves loadBalancerClass "example.com/no-such-balancer"'),
      }),
    );
  });

  test('each route that leads to nothing', async () => {
    const wrongs = await foundOf('routes');
    expect(wrongs).toContainEqual(
      expect.objectContaining({
        wrong: expect.stringContaining('there is no Service backend-missing/httpbin'),
      }),
    );
  });

  test('what of them the user may not see', async () => {
    const wrongs = await foundOf('routes', { '/apis/discovery.k8s.io/v1/endpointslices': 403 });
    expect(wrongs).toContainEqual({
      wrong: 'the user of this context may not see everything that can be wrong',
      evidence: ['look at the gateways: /apis/discovery.k8s.io/v1/endpointslices: Forbidden'],
      next: expect.stringContaining('--clusterrole=ingress-conformance-evidence --user=jane'),
    });
  });
});

test('a cluster without a sign of a load balancer', async () => {
  expect(await found(node([{ type: 'Ready', status: 'True' }], { providerID: 'kind://docker/a/b' }))).toEqual(
    [
      {
        wrong: 'without a load balancer a Gateway never gets an address (AddressNotAssigned)',
        evidence: [expect.stringContaining('there is no MetalLB')],
        next: expect.stringContaining('metallb-native.yaml'),
      },
    ],
  );
});

test('MetalLB without a pool is one finding, though two looks meet it', async () => {
  const deployment = {
    metadata: { name: 'controller', namespace: 'metallb-system' },
    spec: {},
    status: { readyReplicas: 1 },
  };
  const findings = await found({
    ...node([{ type: 'Ready', status: 'True' }], { providerID: 'kind://docker/a/b' }),
    '/apis/apps/v1/deployments': { items: [deployment] },
    '/apis/metallb.io/v1beta1/ipaddresspools': { items: [] },
    '/apis/metallb.io/v1beta1/l2advertisements': { items: [{}] },
  });
  expect(findings).toMatchObject([{ evidence: [expect.stringContaining('it has no IPAddressPool')] }]);
});

const families = (cidrs: string[], addresses: string[], autoAssign = true): Answers => ({
  '/apis/networking.k8s.io/v1/servicecidrs': { items: [{ spec: { cidrs } }] },
  '/apis/metallb.io/v1beta1/ipaddresspools': {
    items: [{ metadata: { name: 'pool', namespace: 'metallb-system' }, spec: { addresses, autoAssign } }],
  },
});

describe('address families', () => {
  const both = ['10.0.0.1-10.0.0.9', 'fc00::1-fc00::9'];

  test('a pool with IPv6 where Services have none', async () => {
    expect(await found(families(['10.96.0.0/16'], both))).toEqual([
      {
        wrong: 'pool pool of MetalLB has addresses of a family that Services of this cluster do not have',
        evidence: [
          'the pool: 10.0.0.1-10.0.0.9, fc00::1-fc00::9',
          'the range of Services: 10.96.0.0/16',
          expect.stringContaining('lose and regain'),
        ],
        next: expect.stringContaining('kubectl edit ipaddresspool pool --namespace metallb-system'),
      },
    ]);
  });

  test.for([
    { where: 'Services have both', answers: families(['10.96.0.0/16', 'fd00:10:96::/112'], both) },
    { where: 'the pool has the one family', answers: families(['10.96.0.0/16'], ['10.0.0.0/24']) },
    { where: 'the pool is not handed out by itself', answers: families(['10.96.0.0/16'], both, false) },
  ])('none is found where $where', async ({ answers }) => {
    expect(await found(answers)).toEqual([]);
  });
});
