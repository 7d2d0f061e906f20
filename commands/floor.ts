import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../cluster/problem.ts';
import { type GatewayObject, gatewayKind } from '../helpers/gateway/types.ts';
import type { Kube } from '../helpers/kube/client.ts';
import { type KubeObject, refOf } from '../helpers/kube/objects.ts';
import { deploymentReady } from '../helpers/pods/ready.ts';
import { type OwnFixture, readFixtures } from '../helpers/setup/fixtures.ts';
import { defaultTimeouts } from '../helpers/timeouts.ts';
import { type Address, send } from '../helpers/traffic/request.ts';
import type { Floor } from '../reports/bench/floor.ts';

/** Milliseconds from one request to the next, and for a connect: until a gateway's pod is ready connects hang. */
const gap = 10;
const connect = 100;
/** Milliseconds after which what is not served is given up. */
const { programmed: longest } = defaultTimeouts;

/**
 * How long it takes until Istio serves: a Gateway and a route are applied, and one bare loop asks at its address, with
 * nothing of what a case does beside it. The backend is ready before. Then another route is applied to that Gateway.
 * @param namespace that is there, and that somebody deletes afterwards
 * @throws Problem when what was applied is not served in time; ApiError; what the signal was aborted with
 */
export async function measureFloor(kube: Kube, namespace: string, signal: AbortSignal): Promise<Floor> {
  await apply(kube, 'httpbin', namespace);
  await deploymentReady(kube, { name: 'httpbin', namespace }, { timeout: defaultTimeouts.ready, signal });

  const start = performance.now();
  const objects = await apply(kube, 'bench/gateway', namespace);
  const gateway = objects.find(({ kind }) => kind === gatewayKind.kind) as GatewayObject;
  const address = await until(`an address of the Gateway in ${namespace}`, signal, () =>
    addressOf(kube, gateway),
  );
  const addressed = passed(start);
  await served('first.example.com', address, signal);
  const serves = passed(start);

  const again = performance.now();
  await apply(kube, 'bench/route', namespace);
  await served('second.example.com', address, signal);
  return { address: addressed, gateway: serves, route: passed(again) };
}

/** Seconds. */
const passed = (since: number): number => (performance.now() - since) / 1_000;

async function apply(kube: Kube, file: OwnFixture, namespace: string): Promise<KubeObject[]> {
  const objects = (await readFixtures([file])).map(({ object }) => ({
    ...object,
    metadata: { ...object.metadata, namespace },
  }));
  for (const object of objects) await kube.apply(object);
  return objects;
}

async function addressOf(kube: Kube, gateway: GatewayObject): Promise<Address | undefined> {
  const { status } = (await kube.get<GatewayObject>(refOf(gateway))) ?? {};
  const host = status?.addresses?.[0]?.value;
  return host === undefined ? undefined : { host, port: gateway.spec.listeners[0]?.port ?? 80 };
}

const served = (host: string, address: Address, signal: AbortSignal): Promise<true> =>
  until(`200 for ${host} at ${address.host}`, signal, async () => {
    const limits = { connect, request: defaultTimeouts.request, signal };
    const answer = await send(address, { host, path: '/status/200' }, limits);
    return 'status' in answer && answer.status === 200 ? true : undefined;
  });

/** Asks over and over until something comes. */
async function until<T>(what: string, signal: AbortSignal, ask: () => Promise<T | undefined>): Promise<T> {
  const start = performance.now();
  while (performance.now() - start < longest) {
    const came = await ask();
    if (came !== undefined) return came;
    await pause(gap, undefined, { signal });
  }
  throw new Problem({
    asked: 'measure how long it takes until Istio serves',
    got: `${what}: not within ${longest / 1_000} s`,
    cause: 'the cluster is overloaded, or its load balancers cannot be reached from here',
    next: 'npm test -- exposed-paths',
  });
}
