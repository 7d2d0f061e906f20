import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type PlatformNode, platformOf } from '../platform.ts';
import { type Answers, kubeconfigFor, serveApi } from '../preflight/testdata/api-server.ts';
import { well } from '../preflight/testdata/well.ts';
import { diagnoseCluster } from './index.ts';
import { closedNodePorts, internal, isPrivate } from './platform.ts';
import eks from './testdata/eks.json' with { type: 'json' };
import gke from './testdata/gke.json' with { type: 'json' };
import kind from './testdata/kind.json' with { type: 'json' };
import minikube from './testdata/minikube.json' with { type: 'json' };

// The platforms are not at hand: their nodes and Services are written down from what they publish of themselves.

interface Recorded {
  nodes: { items: object[] };
  services: { items: object[] };
}

async function found({ nodes, services }: Recorded, answers: Answers = {}) {
  await using api = await serveApi({
    ...well,
    '/api/v1/nodes': nodes,
    '/api/v1/services': services,
    '/api/v1/namespaces/default/events': { items: [] },
    '/api/v1/namespaces/istio-ingress/events': { items: [] },
    ...answers,
  });
  return await diagnoseCluster(kubeconfigFor(api.url), { gatewayClass: 'acme' });
}

/** The recorded objects with one part of a Service changed. */
function having<T extends Recorded>(
  recorded: T,
  change: (service: T['services']['items'][number]) => void,
): T {
  const copy = structuredClone(recorded);
  for (const service of copy.services.items) change(service);
  return copy;
}

/** Something that listens on this machine, or, closed again, a port that refuses. */
async function port({ open }: { open: boolean }): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port: number } = server.address() as AddressInfo;
  if (open) onTestFinished(() => void server.close());
  else await once(server.close(), 'close');
  return number;
}

describe('a platform is known by its nodes', () => {
  test.for([
    { name: 'minikube', nodes: minikube.nodes, sign: 'label minikube.k8s.io/' },
    { name: 'kind', nodes: kind.nodes, sign: 'providerID kind://docker/kind/kind-control-plane' },
    { name: 'GKE', nodes: gke.nodes, sign: 'label cloud.google.com/gke-nodepool=default-pool' },
    { name: 'EKS', nodes: eks.nodes, sign: 'label eks.amazonaws.com/' },
  ])('$name', ({ name, nodes, sign }) => {
    expect(platformOf(nodes.items as PlatformNode[])).toEqual({ name, sign: expect.stringContaining(sign) });
  });

  test('none is known of nodes with no mark, and of a cloud’s machines that are in no such cluster', () => {
    expect(platformOf([])).toBeUndefined();
    expect(
      platformOf([{ metadata: { name: 'one' }, spec: { providerID: 'gce://p/z/one' } }]),
    ).toBeUndefined();
  });
});

async function tunnelled(open: boolean) {
  const number = await port({ open });
  return having(minikube, ({ spec, status }) => {
    spec.ports = spec.ports.map((one) => (one.name === 'http' ? { ...one, port: number } : one));
    Object.assign(status.loadBalancer, { ingress: [{ ip: '127.0.0.1' }] });
  });
}

describe('minikube', () => {
  test('a Service that waits wants a tunnel, and no MetalLB', async () => {
    const [first] = await found(minikube);
    expect(first).toEqual({
      wrong: 'without a load balancer a Gateway never gets an address (AddressNotAssigned)',
      evidence: [expect.stringContaining('Service default/httpbin-gateway-istio waits for an address')],
      next: expect.stringMatching(/^minikube tunnel --profile minikube, in a terminal of its own/),
    });
  });

  test('an address that outlives the tunnel', async () => {
    expect(await found(await tunnelled(false))).toEqual([
      {
        wrong:
          "Service default/httpbin-gateway-istio has an address of minikube's tunnel, and no tunnel leads there",
        evidence: [
          expect.stringMatching(/^127\.0\.0\.1:\d+: the connection is refused$/),
          expect.stringContaining('label minikube.k8s.io/'),
        ],
        next: expect.stringContaining('minikube tunnel --profile minikube'),
      },
    ]);
  });

  test('an address to which a tunnel leads is well', async () => {
    expect(await found(await tunnelled(true))).toEqual([]);
  });

  test('an address of another load balancer is none of the tunnel’s', async () => {
    const balanced = having(minikube, ({ status }) => {
      Object.assign(status.loadBalancer, { ingress: [{ ip: '127.0.0.9' }] });
    });
    expect(await found(balanced)).toEqual([]);
  });
});

test('a Service that waits on kind wants MetalLB', async () => {
  const [first] = await found(kind);
  expect(first).toMatchObject({ next: expect.stringContaining('metallb-native.yaml') });
});

describe('GKE', () => {
  const [node] = gke.nodes.items;
  const [service] = gke.services.items;
  const closed = service?.spec.ports.filter(({ port: number }) => number !== 15_021) ?? [];

  test('node ports that let nothing in want a firewall rule each', () => {
    expect(closedNodePorts(service as typeof service & object, node, closed)).toEqual({
      wrong:
        'node ports of Service istio-ingress/istio-ingressgateway let nothing in: on GKE they are closed until a firewall rule opens them',
      evidence: [
        'node gke-shop-default-pool-1a2b3c4d-x5y6 at 203.0.113.10:31380 (http2): no answer',
        'node gke-shop-default-pool-1a2b3c4d-x5y6 at 203.0.113.10:31390 (https): no answer',
      ],
      next:
        'gcloud compute firewall-rules create allow-istio-ingressgateway-http2 --project=shop-123456 --allow=tcp:31380' +
        ' && gcloud compute firewall-rules create allow-istio-ingressgateway-https --project=shop-123456 --allow=tcp:31390',
    });
  });

  test.for([
    { which: 'are answered', open: true },
    { which: 'are refused by the node itself', open: false },
  ])('node ports that $which are well', async ({ open }) => {
    const number = await port({ open });
    const local = having(gke, ({ spec }) => {
      spec.ports = spec.ports.map((one) => ({ ...one, nodePort: number }));
    });
    for (const each of local.nodes.items)
      each.status.addresses = [{ type: 'ExternalIP', address: '127.0.0.1' }];
    expect(await found(local)).toEqual([]);
  });

  const inside = structuredClone(gke);
  for (const each of inside.nodes.items)
    each.status.addresses = each.status.addresses.filter(({ type }) => type !== 'ExternalIP');

  test('node ports of nodes without an external address', async () => {
    expect(await found(inside)).toEqual([
      {
        wrong:
          'Service istio-ingress/istio-ingressgateway can be reached by its node ports only, and no node has an external address',
        evidence: [expect.stringContaining('private GKE cluster')],
        next: expect.stringContaining('VPC network'),
      },
    ]);
  });

  test('a Service with an address needs no node port', async () => {
    const balanced = having(inside, ({ spec, status }) => {
      spec.type = 'LoadBalancer';
      Object.assign(status.loadBalancer, { ingress: [{ ip: '203.0.113.30' }] });
    });
    expect(await found(balanced)).toEqual([]);
  });
});

const named = (hostname: string, creationTimestamp: string) =>
  having(eks, ({ metadata, status }) => {
    metadata.creationTimestamp = creationTimestamp;
    status.loadBalancer.ingress = [{ hostname }];
  });

describe('a load balancer’s host name', () => {
  const unknown = 'k8s-default-httpbing.elb.eu-central-1.amazonaws.com.invalid';

  test('that is not known yet is waited for', async () => {
    expect(await found(named(unknown, new Date(Date.now() - 120_000).toISOString()))).toEqual([
      {
        wrong:
          "the load balancer's host name of Service default/httpbin-gateway-istio is not known to DNS yet",
        evidence: [expect.stringMatching(/amazonaws\.com\.invalid: E/), 'the Service was made 2 min ago'],
        next: `wait some minutes, until nslookup ${unknown} knows it`,
      },
    ]);
  });

  test('that is not known for long is asked for elsewhere', async () => {
    expect(await found(named(unknown, '2026-11-01T08:00:00Z'))).toMatchObject([
      {
        wrong: expect.stringContaining('is not known to the DNS that this machine asks'),
        next: expect.stringMatching(/^nslookup .* 8\.8\.8\.8; .*kubectl describe service/),
      },
    ]);
  });

  test('that resolves is well', async () => {
    expect(await found(named('localhost', '2026-11-01T08:00:00Z'))).toEqual([]);
  });

  test('that only its own network can reach', () => {
    const connection = { kubeconfig: '/k', context: 'prod' };
    const metadata = { name: 'web', namespace: 'shop', creationTimestamp: '' };
    expect(internal({ connection }, { metadata }, 'x.elb.amazonaws.com', ['10.0.3.4'])).toEqual({
      wrong:
        'the load balancer of Service shop/web is an internal one, and this machine is not in its network',
      evidence: ['x.elb.amazonaws.com resolves to 10.0.3.4, and no connection opens'],
      next: expect.stringMatching(
        /--context '?prod'? service\.beta\.kubernetes\.io\/aws-load-balancer-scheme=internet-facing$/,
      ),
    });
  });

  test.for([
    ['10.0.3.4', true],
    ['172.31.255.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['100.64.0.1', true],
    ['203.0.113.1', false],
    ['127.0.0.1', false],
    ['fd00::1', true],
    ['2001:db8::1', false],
  ] as const)('of %s is private: %s', ([address, expected]) => {
    expect(isPrivate(address)).toBe(expected);
  });
});
