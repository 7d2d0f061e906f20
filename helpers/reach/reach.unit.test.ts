import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { GatewayObject } from '../gateway/types.ts';
import type { KubeObject } from '../kube/objects.ts';
import { listOf, scriptedApi } from '../kube/testdata/api.ts';
import { addressInCluster, addressOfListener, addressOfLoadBalancer, podBehind } from './address.ts';
import { awaitConnect } from './await.ts';
import { connect } from './connect.ts';
import { direct } from './road.ts';
import type { Service } from './service.ts';

async function listening(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer((socket) => socket.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

async function freePort(): Promise<number> {
  await using server = await listening();
  return server.port;
}

describe('connect', () => {
  test('tells an open port', async () => {
    await using server = await listening();
    await expect(connect({ host: '127.0.0.1', port: server.port }, 500)).resolves.toBe('open');
  });

  test('tells a port that nothing listens on', async () => {
    await expect(connect({ host: '127.0.0.1', port: await freePort() }, 500)).resolves.toBe('refused');
  });

  test('tells a name that does not resolve', async () => {
    await expect(connect({ host: 'no-such-host.invalid', port: 80 }, 2_000)).resolves.toBe('unknown-host');
  });

  test('tells a connect that is left without an answer, or has no way, in its time', async () => {
    const start = performance.now();
    // an address for documentation (RFC 3849): nobody has it, and no proxy on the way takes it for its own
    const came = await connect({ host: '2001:db8::1', port: 80 }, 200);
    expect(['timeout', 'unreachable']).toContain(came);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

test('awaitConnect is over as soon as the port opens, or the time is', async () => {
  const port = await freePort();
  const limits = { timeout: 5_000, connect: 100 };
  const road = direct({ host: '127.0.0.1', port });
  const waiting = awaitConnect(road, limits);
  const server = createServer((socket) => socket.end()).listen(port, '127.0.0.1');
  await expect(waiting).resolves.toBe(true);
  server.close();
  await once(server, 'close');
  await expect(awaitConnect(road, { ...limits, timeout: 150 })).resolves.toBe(false);
});

describe('an ingress address', () => {
  const gateway: GatewayObject = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'g' },
    spec: {
      gatewayClassName: 'istio',
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP' },
        { name: 'https', port: 443, protocol: 'HTTPS' },
      ],
    },
    status: { addresses: [{ value: '10.0.0.1' }, { value: '10.0.0.2' }] },
  };
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's', namespace: 'n' },
    spec: { ports: [{ port: 80, nodePort: 30_080 }] },
  };

  test('has the port of the listener of that name', () => {
    expect(addressOfListener(gateway, 'https')).toEqual({ host: '10.0.0.1', port: 443 });
  });

  test('is missing when the listener, or the address, is', () => {
    expect(() => addressOfListener(gateway, 'tcp')).toThrow(
      'Gateway g has no listener "tcp"; it has: http, https',
    );
    const { status: _, ...young } = gateway;
    expect(() => addressOfListener(young as GatewayObject, 'http')).toThrow('has no address in its status');
  });

  test.for([{ ip: '10.0.0.1' }, { hostname: 'lb.example' }])('is the load balancer’s: %o', (ingress) => {
    const taken = { ...service, status: { loadBalancer: { ingress: [ingress] } } };
    expect(addressOfLoadBalancer(taken, 80)).toEqual({ host: Object.values(ingress)[0], port: 80 });
    expect(() => addressOfLoadBalancer(taken, 81)).toThrow('has no port 81; it has: 80');
  });

  test('inside the cluster is the Service’s own', () => {
    const spec = { clusterIP: 'fd00::7', ports: [{ name: 'http', port: 80 }] };
    const own: Service = { ...service, spec };
    expect(addressInCluster(own, 80)).toEqual({ host: 'fd00::7', port: 80 });
    expect(addressInCluster(own, 'http')).toEqual({ host: 'fd00::7', port: 80 });
    expect(() => addressInCluster(own, 443)).toThrow('has no port 443; it has: http 80');
  });

  test.for([undefined, 'None', ''])('is missing for a Service whose cluster IP is %o', (clusterIP) => {
    const headless = { ...service, spec: { ...service.spec, ...(clusterIP !== undefined && { clusterIP }) } };
    expect(() => addressInCluster(headless, 80)).toThrow('Service n/s has no cluster IP');
  });

  test('is missing while no load balancer took the Service', () => {
    expect(() => addressOfLoadBalancer(service, 80)).toThrow('Service n/s has no load balancer');
  });
});

const pod = (name: string, ready: 'True' | 'False'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'n' },
  spec: { containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 8080 }] }] },
  status: { conditions: [{ type: 'Ready', status: ready }] },
});
const serviceWith = (port: object): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'n' },
  spec: { selector: { app: 'a' }, ports: [{ port: 80, ...port }] },
});

const behind = async (port: object, ...pods: KubeObject[]) => {
  await using api = await scriptedApi({ lists: [listOf(...pods)] });
  return await podBehind(api.kube, serviceWith(port), 80);
};

describe('the pod behind a port of a Service', () => {
  test.for([
    ['by number', { targetPort: 8443 }, 8_443],
    ['by name', { targetPort: 'web' }, 8_080],
    ['left out', {}, 80],
  ] as const)('has the target port, %s', async ([, port, target]) => {
    await expect(behind(port, pod('late', 'False'), pod('p', 'True'))).resolves.toEqual({
      pod: { namespace: 'n', name: 'p' },
      port: target,
    });
  });

  test('is missing while none is ready, and where it has no port of that name', async () => {
    await expect(behind({}, pod('late', 'False'))).rejects.toThrow('Service n/s has no ready pod');
    await expect(behind({ targetPort: 'x' }, pod('p', 'True'))).rejects.toThrow('n/p has no port named "x"');
  });
});
