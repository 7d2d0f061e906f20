import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { GatewayObject } from '../gateway/types.ts';
import { addressOfListener, addressOfLoadBalancer } from './address.ts';
import { awaitConnect } from './await.ts';
import { connect } from './connect.ts';
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
  const address = { host: '127.0.0.1', port };
  const limits = { timeout: 5_000, connect: 100 };
  const waiting = awaitConnect(address, limits);
  const server = createServer((socket) => socket.end()).listen(port, '127.0.0.1');
  await expect(waiting).resolves.toBe(true);
  server.close();
  await once(server, 'close');
  await expect(awaitConnect(address, { ...limits, timeout: 150 })).resolves.toBe(false);
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

  test('is missing while no load balancer took the Service', () => {
    expect(() => addressOfLoadBalancer(service, 80)).toThrow('Service n/s has no load balancer');
  });
});
