import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../kube/objects.ts';
import { json, listOf, refused, scriptedApi, service } from '../kube/testdata/api.ts';
import { whyUnreachable } from './unreachable.ts';

const ref = { namespace: 'shop', name: 'g' };

const gateway = (address: string | undefined, observedGeneration?: number) =>
  json({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { ...ref, generation: 1 },
    spec: { gatewayClassName: 'istio', listeners: [] },
    status: {
      addresses: address === undefined ? [] : [{ value: address }],
      conditions: [{ type: 'Accepted', status: 'Unknown', reason: 'Pending', observedGeneration }],
    },
  });

const balanced = { ...service('g-istio', { spec: { type: 'LoadBalancer', ports: [] } }) };
balanced.metadata = { ...balanced.metadata, uid: 'u1' };

const pod = (ready: 'True' | 'False'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'g-istio-1', namespace: 'shop' },
  spec: { containers: [] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
});

async function why(script: Parameters<typeof scriptedApi>[0], port = 80): Promise<string | undefined> {
  await using api = await scriptedApi(script);
  return (await whyUnreachable(api.kube, ref, port, 200))?.message;
}

async function portThat(isClosed: boolean): Promise<number> {
  const server = createServer((socket) => socket.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port: free } = server.address() as AddressInfo;
  if (isClosed) await new Promise((resolve) => server.close(resolve));
  else server.unref();
  return free;
}

describe('why a Gateway cannot be reached', () => {
  test('it is gone', async () => {
    await expect(why({ others: [refused(404)] })).resolves.toMatch(/there is no such Gateway/);
  });

  test('no controller took it', async () => {
    await expect(why({ others: [gateway(undefined)], lists: [listOf()] })).resolves.toMatch(
      /no controller has taken it: there is none for its GatewayClass "istio"[^]*get gatewayclass istio/,
    );
  });

  test('its controller gave it no address', async () => {
    await expect(why({ others: [gateway(undefined, 1)], lists: [listOf()] })).resolves.toMatch(
      /has no address[^]*its controller has not provisioned it[^]*describe gateway g/,
    );
  });

  test('its Service stays pending, for there is no load balancer', async () => {
    const lists = [listOf(balanced), listOf()];
    await expect(why({ others: [gateway(undefined)], lists })).resolves.toMatch(
      /Service shop\/g-istio of type LoadBalancer stays pending[^]*no load balancer takes Services/,
    );
  });

  test('its Service stays pending, for the load balancer has no address left', async () => {
    const event: KubeObject = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'shop' },
      involvedObject: { uid: 'u1' },
      type: 'Warning',
      reason: 'AllocationFailed',
      message: 'no available IPs',
    };
    const lists = [listOf(balanced), listOf(event)];
    await expect(why({ others: [gateway(undefined)], lists })).resolves.toMatch(
      /stays pending: AllocationFailed: no available IPs[^]*could not give the Service an address[^]*describe service g-istio/,
    );
  });

  test('nothing listens at the address', async () => {
    const lists = [listOf(balanced), listOf(pod('True'))];
    await expect(why({ others: [gateway('127.0.0.1')], lists }, await portThat(true))).resolves.toMatch(
      /the connection is refused[^]*nothing listens at that port/,
    );
  });

  test('none of its pods is ready', async () => {
    const lists = [listOf(balanced), listOf(pod('False'))];
    await expect(why({ others: [gateway('127.0.0.1')], lists }, await portThat(true))).resolves.toMatch(
      /g-istio-1 Running[^]*none of its pods is ready[^]*describe pod g-istio-1/,
    );
  });

  test('there is no way to the address', async () => {
    const lists = [listOf(balanced), listOf(pod('True'))];
    await expect(why({ others: [gateway('2001:db8::1')], lists })).resolves.toMatch(
      /\[2001:db8::1\]: [^]*nothing answers for the address on the way from here[^]*ip route get 2001:db8::1/,
    );
  });

  test('the load balancer has a name that does not resolve', async () => {
    const lists = [listOf(balanced), listOf(pod('True'))];
    await expect(why({ others: [gateway('no-such-host.invalid')], lists })).resolves.toMatch(
      /the name does not resolve[^]*getent hosts no-such-host\.invalid/,
    );
  });

  test('it can be reached now', async () => {
    const lists = [listOf(balanced)];
    await expect(
      why({ others: [gateway('127.0.0.1')], lists }, await portThat(false)),
    ).resolves.toBeUndefined();
  });
});
