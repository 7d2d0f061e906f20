import type { Target } from '../../cluster/target.ts';
import type { Kube } from '../kube/client.ts';
import type { Timeouts } from '../timeouts.ts';
import { authority } from '../traffic/request.ts';
import { connect } from './connect.ts';
import { checkRelay, standRelay } from './relay.ts';
import { type Service, serviceKind } from './service.ts';
import { tryWays } from './trial.ts';
import type { Reach, ReachChoice } from './way.ts';

/** What a way is chosen by. */
export interface Choosing {
  kube: Kube;
  target: Target;
  /** Id of the run. */
  run: string;
  timeouts: Timeouts;
  signal: AbortSignal;
}

/** Connects that are tried at most to load balancer addresses that are there already. */
const mostTries = 12;

/**
 * Settles on the way of a run, and makes what it needs in the run's own namespace.
 * - Of `auto` the first by which a connection opens: an address that a load balancer gave, a node port, from inside
 *   the cluster, by port-forward. Where a load balancer's address answers already that is all that is asked; else a
 *   Service and a pod of the run's own are tried.
 * - A way that was asked for is taken; that a relay can stand inside the cluster is found out before the first case.
 * @param say is told, in a line, what takes a while
 * @throws RelayFailed, RelayShut, ForwardForbidden when the only way that is left, or was asked for, cannot be gone
 */
export async function chooseReach(
  choice: ReachChoice,
  choosing: Choosing,
  say: (line: string) => void,
): Promise<Reach> {
  const { kube, run, timeouts, signal } = choosing;
  if (choice === 'auto') {
    const known = await openBalancer(choosing);
    if (known) return known;
    say(
      'Reach      no load balancer address answers so far: trying the ways with a Service of the run’s own',
    );
    return tryWays(choosing);
  }
  if (choice === 'in-cluster') {
    await standRelay(kube, run, { timeout: timeouts.ready, signal });
    await checkRelay(kube, run, timeouts.api);
  }
  return { way: choice, why: 'it was asked for' };
}

/** By a Service that stood before the run. */
async function openBalancer({ kube, timeouts }: Choosing): Promise<Reach | undefined> {
  const { items } = await kube.list<Service>(serviceKind);
  const tries = items.flatMap((service) =>
    (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) =>
      service.spec.ports
        .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
        .map(({ port }) => ({ service, address: { host: ip ?? hostname ?? '', port } })),
    ),
  );
  const opened = tries.slice(0, mostTries).map(async ({ service: { metadata }, address }) => {
    const came = await connect(address, timeouts.connect);
    if (came !== 'open') throw new Error(came);
    return `a connection to ${authority(address)} (Service ${metadata.namespace}/${metadata.name}) opens`;
  });
  const why = await Promise.any(opened).catch(() => undefined);
  return why === undefined ? undefined : { way: 'loadbalancer', why };
}
