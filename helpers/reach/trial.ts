import { findNoLoadBalancer } from '../../cluster/preflight/load-balancer.ts';
import { Problem } from '../../cluster/problem.ts';
import { applyAll } from '../kube/apply.ts';
import type { Selection } from '../kube/objects.ts';
import { met, missing, WaitTimeout, waitFor } from '../kube/wait.ts';
import { deploymentKind } from '../pods/types.ts';
import { runNamespace } from '../run/id.ts';
import { type Address, authority } from '../traffic/request.ts';
import { addressOfLoadBalancer, addressOfNodePort, NoAddress } from './address.ts';
import { awaitConnect } from './await.ts';
import type { Choosing } from './choose.ts';
import { checkRelay, ofRunsOwn, RelayFailed, standRelay } from './relay.ts';
import { direct } from './road.ts';
import { type Service, serviceKind } from './service.ts';
import type { Reach } from './way.ts';

/** Milliseconds for a load balancer of which there is no sign: those on the spot take less than one second. */
const signless = 5_000;
/** Milliseconds for a connection to a pod that is ready: then it opens at once, or never from here. */
const patience = 3_000;

/**
 * Tries the ways with a Service in front of the relay's pod, and takes away again what the chosen one does not need.
 * @returns the first by which a connection opens
 * @throws RelayShut, ForwardForbidden when none does
 */
export async function tryWays(choosing: Choosing): Promise<Reach> {
  const { kube, run } = choosing;
  await applyAll(kube, await ofRunsOwn('probe', run));
  const [noRelay, balancer] = await Promise.all([whyNoRelay(choosing), balancerOf(choosing)]);
  const reach = noRelay ? untried(noRelay) : await firstToOpen(choosing, balancer);
  const namespace = runNamespace(run);
  await kube.delete({ ...serviceKind, namespace, name: 'probe' });
  if (reach.way !== 'in-cluster') await kube.delete({ ...deploymentKind, namespace, name: 'relay' });
  return reach;
}

/** Without a pod nothing is behind the Service's addresses that could answer. */
const untried = ({ got }: Problem): Reach => ({
  way: 'port-forward',
  why: `no load balancer address answered before, and the other ways could not be tried: ${got}`,
});

async function firstToOpen(choosing: Choosing, balancer: Address | string): Promise<Reach> {
  const { kube, run, timeouts } = choosing;
  if (typeof balancer !== 'string' && (await opens(balancer, choosing)))
    return { way: 'loadbalancer', why: `an address came, and a connection to ${authority(balancer)} opens` };
  const closed = typeof balancer === 'string' ? balancer : `no connection to ${authority(balancer)} opens`;
  const node = await nodePortOf(choosing);
  if (typeof node !== 'string' && (await opens(node, choosing)))
    return { way: 'nodeport', why: `${closed}; one to node port ${authority(node)} does` };
  await checkRelay(kube, run, timeouts.api);
  const nor = typeof node === 'string' ? node : `none to node port ${authority(node)} does`;
  return { way: 'in-cluster', why: `${closed}; ${nor}; one from a pod inside the cluster does` };
}

const opens = (address: Address, { timeouts, signal }: Choosing): Promise<boolean> =>
  awaitConnect(direct(address), { timeout: patience, connect: timeouts.connect, signal });

const probe = (run: string): Selection => ({ ...serviceKind, namespace: runNamespace(run), name: 'probe' });

/** The node port of the run's own Service, or why there is none. */
async function nodePortOf({ kube, run }: Choosing): Promise<Address | string> {
  const { items } = await kube.list<Service>(probe(run));
  if (!items[0]) return 'the Service that was tried is gone';
  try {
    return await addressOfNodePort(kube, items[0], 'http');
  } catch (error) {
    if (error instanceof NoAddress) return error.message;
    throw error;
  }
}

/** The address that a load balancer gives the run's own Service, or why there is none. */
async function balancerOf({ kube, target, run, timeouts, signal }: Choosing): Promise<Address | string> {
  const cluster = { connection: target, kube, user: 'this user', kubernetes: target.versions.kubernetes };
  const none = await findNoLoadBalancer(cluster).catch((error: unknown) => {
    // who may not look has to wait
    if (error instanceof Problem) return undefined;
    throw error;
  });
  if (none?.certain) return none.problem.got;
  const timeout = none ? Math.min(signless, timeouts.address) : timeouts.address;
  try {
    return await waitFor<Service, Address>(kube, probe(run), {
      until: 'to have a load balancer address',
      timeout,
      signal,
      check: ([service]) =>
        service?.status?.loadBalancer?.ingress?.length
          ? met(addressOfLoadBalancer(service, 80))
          : missing('it has none'),
    });
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    return none?.problem.got ?? `no load balancer address came within ${timeout / 1_000} s`;
  }
}

async function whyNoRelay({ kube, run, timeouts, signal }: Choosing): Promise<RelayFailed | undefined> {
  try {
    await standRelay(kube, run, { timeout: timeouts.ready, signal });
    return undefined;
  } catch (error) {
    if (error instanceof RelayFailed) return error;
    throw error;
  }
}
