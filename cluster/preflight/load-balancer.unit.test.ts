import { describe, expect, test } from 'vitest';
import type { ReachChoice } from '../../helpers/reach/way.ts';
import { connect } from './connect.ts';
import { checkLoadBalancer } from './load-balancer.ts';
import { type Answers, kubeconfigFor, serveApi } from './testdata/api-server.ts';

const longAgo = '2020-01-01T00:00:00Z';
const service = (ingress: object[] = [], creationTimestamp = longAgo, spec: object = {}) => ({
  metadata: { name: 'web', namespace: 'shop', creationTimestamp },
  spec: { type: 'LoadBalancer', ...spec },
  status: { loadBalancer: { ingress } },
});
const cluster = ({ services = [] as object[], providerID = 'kind://docker/a/b' } = {}): Answers => ({
  '/api/v1/services': { items: services },
  '/api/v1/nodes': { items: [{ spec: { providerID } }] },
});

const labels = 'app%3Dmetallb%2Ccomponent%3Dcontroller';
const pool = (status?: object, autoAssign = true) => ({
  metadata: { name: 'pool' },
  spec: { addresses: ['10.0.0.1-10.0.0.9'], autoAssign },
  ...(status && { status }),
});
const metallb = ({
  ready = 1,
  pools = [pool()] as object[],
  l2 = [{}] as object[],
  bgp = [] as object[],
} = {}): Answers => ({
  [`/apis/apps/v1/deployments?labelSelector=${labels}`]: {
    items: [
      {
        metadata: { name: 'controller', namespace: 'metallb-system' },
        spec: {},
        status: { readyReplicas: ready },
      },
    ],
  },
  '/apis/metallb.io/v1beta1/ipaddresspools': { items: pools },
  '/apis/metallb.io/v1beta1/l2advertisements': { items: l2 },
  '/apis/metallb.io/v1beta1/bgpadvertisements': { items: bgp },
});

async function checked(answers: Answers, reach: ReachChoice = 'loadbalancer'): Promise<string[]> {
  await using api = await serveApi(answers);
  const reached = await connect(kubeconfigFor(api.url));
  try {
    return await checkLoadBalancer(reached, reach);
  } finally {
    await reached.kube.close();
  }
}

describe('a load balancer shows by', () => {
  test.for([
    {
      what: 'a Service that has an address',
      answers: cluster({ services: [service([{ ip: '10.0.0.1' }])] }),
    },
    {
      what: 'nodes of a cloud',
      answers: cluster({ services: [service()], providerID: 'aws:///eu-west-1a/i-0' }),
    },
    { what: 'MetalLB', answers: { ...cluster(), ...metallb() } },
    { what: 'MetalLB over BGP', answers: { ...cluster(), ...metallb({ l2: [], bgp: [{}] }) } },
    {
      what: 'MetalLB with an address left',
      answers: {
        ...cluster(),
        ...metallb({ pools: [pool({ availableIPv4: 0 }), pool({ availableIPv4: 1 })] }),
      },
    },
  ])('$what', async ({ answers }) => {
    expect(await checked(answers)).toEqual([]);
  });
});

describe('without a load balancer', () => {
  test.for([
    { when: 'nothing waits', services: [] },
    {
      when: 'a Service waits for a class of its own',
      services: [service([], longAgo, { loadBalancerClass: 'acme' })],
    },
    { when: 'a Service is new', services: [service([], new Date().toISOString())] },
  ])('it is a note when $when', async ({ services }) => {
    expect(await checked(cluster({ services }))).toEqual([
      expect.stringContaining('without a load balancer a Gateway never gets an address'),
    ]);
  });

  test('a Service that waits is proof', async () => {
    await expect(checked(cluster({ services: [service()] }))).rejects.toMatchObject({
      got: expect.stringContaining('Service shop/web waits for an address; no Service has'),
      next: expect.stringContaining('metallb-native.yaml'),
    });
  });

  test.for(['auto', 'nodeport', 'in-cluster', 'port-forward'] as const)(
    '%s can do without',
    async (reach) => {
      expect(await checked(cluster({ services: [service()] }), reach)).toEqual([
        expect.stringMatching(
          /shop\/web waits for an address[^]*Programmed fail, the others are asked another way/,
        ),
      ]);
    },
  );

  test('a user who may not look gets a note', async () => {
    expect(await checked({ ...cluster(), '/api/v1/nodes': 403 })).toEqual([
      expect.stringContaining('cannot tell'),
    ]);
  });
});

describe('MetalLB cannot work', () => {
  test.for([
    {
      without: 'a ready controller',
      broken: { ready: 0 },
      got: 'no pod of Deployment metallb-system/controller is ready',
    },
    { without: 'a pool', broken: { pools: [] }, got: 'it has no IPAddressPool' },
    {
      without: 'a pool that hands out by itself',
      broken: { pools: [pool(undefined, false)] },
      got: 'autoAssign: false',
    },
    {
      without: 'a free address',
      broken: { pools: [pool({ availableIPv4: 0, availableIPv6: 0 })] },
      got: 'no address is free in pool (10.0.0.1-10.0.0.9)',
    },
    {
      without: 'an advertisement',
      broken: { l2: [] },
      got: 'neither an L2Advertisement nor a BGPAdvertisement',
    },
  ])('without $without', async ({ broken, got }) => {
    await expect(checked({ ...cluster(), ...metallb(broken) })).rejects.toMatchObject({
      got: expect.stringContaining(got),
    });
  });
});
