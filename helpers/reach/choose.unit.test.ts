import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Target } from '../../cluster/target.ts';
import type { KubeObject } from '../kube/objects.ts';
import { json, listOf, type Reply, refused, scriptedApi, service } from '../kube/testdata/api.ts';
import { defaultTimeouts } from '../timeouts.ts';
import { chooseReach } from './choose.ts';
import type { Reach, ReachChoice } from './way.ts';

const timeouts = { ...defaultTimeouts, api: 2_000, ready: 500, address: 500, connect: 200 };

async function openPort(): Promise<number> {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const balanced = (port: number, fields: object = {}, ip = '127.0.0.1'): KubeObject =>
  service('web', {
    spec: { type: 'LoadBalancer', selector: { app: 'relay' }, ports: [{ port, ...fields }] },
    status: { loadBalancer: { ingress: [{ ip }] } },
  });

/** The way that is taken where the API server lists these Services, and refuses to have any made. */
async function chosen(choice: ReachChoice, services: Reply): Promise<Reach> {
  await using api = await scriptedApi({ lists: [services], others: [refused(403, 'Forbidden', 'may not')] });
  const target = { kubeconfig: '', context: 'test', versions: { kubernetes: 'v1' } } as Target;
  const { signal } = new AbortController();
  return await chooseReach(choice, { kube: api.kube, target, run: '0123456789', timeouts, signal }, () => {});
}

test('a load balancer address that answers is taken, and nothing is made', async () => {
  const port = await openPort();
  const services = listOf(balanced(await closedPort()), balanced(port));
  await expect(chosen('auto', services)).resolves.toEqual({
    way: 'loadbalancer',
    why: `a connection to 127.0.0.1:${port} (Service shop/web) opens`,
  });
});

test('a port for datagrams proves nothing', async () => {
  const services = listOf(balanced(await openPort(), { protocol: 'UDP' }));
  await expect(chosen('auto', services)).rejects.toThrow('may not');
});

test.for(['loadbalancer', 'nodeport', 'port-forward'] as const)(
  '%s is taken when it is asked for, and nothing is tried',
  async (way) => {
    await expect(chosen(way, json({}, 500))).resolves.toEqual({ way, why: 'it was asked for' });
  },
);

test('in-cluster, asked for where the relay cannot be made, says why before any case', async () => {
  await expect(chosen('in-cluster', listOf())).rejects.toMatchObject({
    name: 'Problem',
    asked: 'ask from inside the cluster',
    got: expect.stringContaining('may not'),
  });
});
