import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Diagnosed } from '../diagnose/explain.ts';
import type { Facts } from '../diagnose/facts.ts';
import { factsApi } from '../diagnose/testdata/api.ts';
import { only, recorded } from '../diagnose/testdata/facts.ts';
import { whyUnreachable } from './unreachable.ts';

async function why(facts: Facts, namespace: string, { name = 'web', port = 80 } = {}) {
  await using api = await factsApi(facts);
  return await whyUnreachable(api.kube, { namespace, name }, port, 1_000);
}

/** The recorded Gateway, with its address changed to one of this machine. */
function at(address: string): Facts {
  const facts = recorded('routes');
  const { status } = only(facts.gateways, 'infra');
  if (status) status.addresses = [{ value: address }];
  // none of its node ports is there to be tried
  for (const pod of facts.pods) delete pod.status?.hostIP;
  return facts;
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
    const problem = await why(recorded('routes'), 'infra', { name: 'gone' });
    expect(problem?.message).toMatch(/there is no such Gateway/);
  });

  test.for([
    ['class-unknown', /there is no GatewayClass "no-such-class"[^]*get gatewayclasses/],
    ['revision-own', /asks for revision "other"[^]*label gateways\S+ web istio\.io\/rev-/],
    ['pool-unknown', /gives Service pool-unknown\/web-istio no address: [^]*describe service web-istio/],
  ] as const)('%s', async ([namespace, message]) => {
    const problem = await why(recorded('gateways'), namespace);
    expect(problem).toBeInstanceOf(Diagnosed);
    expect(problem?.message).toMatch(message);
  });

  test('nothing in the cluster tells why it has no address', async () => {
    const facts = recorded('routes');
    delete only(facts.gateways, 'infra').status?.addresses;
    expect((await why(facts, 'infra'))?.message).toMatch(
      /it has no address[^]*nothing in the cluster tells why/,
    );
  });

  test('nothing listens at the address', async () => {
    const problem = await why(at('127.0.0.1'), 'infra', { port: await portThat(true) });
    expect(problem?.message).toMatch(/the connection is refused[^]*nothing listens at that port/);
  });

  test('none of its pods is ready', async () => {
    const facts = at('127.0.0.1');
    const [ready] =
      only(facts.pods, 'infra').status?.conditions?.filter(({ type }) => type === 'Ready') ?? [];
    if (ready) ready.status = 'False';
    const problem = await why(facts, 'infra', { port: await portThat(true) });
    expect(problem?.message).toMatch(
      /none of the pods of Gateway infra\/web is ready[^]*describe pod web-istio-/,
    );
  });

  test('there is no way to the address', async () => {
    const problem = await why(at('2001:db8::1'), 'infra');
    expect(problem?.message).toMatch(
      /\[2001:db8::1\]: [^]*nothing answers for the address \S+ on the way from here[^]*ip route get 2001:db8::1/,
    );
  });

  test('the load balancer has a name that does not resolve', async () => {
    const problem = await why(at('no-such-host.invalid'), 'infra');
    expect(problem?.message).toMatch(/the name does not resolve[^]*getent hosts no-such-host\.invalid/);
  });

  test('it can be reached now', async () => {
    const problem = await why(at('127.0.0.1'), 'infra', { port: await portThat(false) });
    expect(problem).toBeUndefined();
  });
});
