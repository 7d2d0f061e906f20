import { isIP } from 'node:net';
import { collectFacts } from '../../helpers/diagnose/collect.ts';
import { diagnose } from '../../helpers/diagnose/diagnose.ts';
import { type Facts, type Probe, selects } from '../../helpers/diagnose/facts.ts';
import { serviceFor } from '../../helpers/gateway/made.ts';
import { refOf } from '../../helpers/kube/objects.ts';
import type { Service } from '../../helpers/reach/service.ts';
import { probed } from '../../helpers/reach/unreachable.ts';
import { apiProblem } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';
import type { Problem } from '../problem.ts';
import type { Finding } from './finding.ts';

/** Milliseconds for one try to connect. */
const connectWithin = 500;

/**
 * What is wrong with all gateways, routes and Ingresses of the cluster, in the words of a failure's cause; their
 * addresses are tried from here.
 * @returns the findings, and why some could not be seen
 */
export async function diagnoseGateways(
  cluster: Cluster,
): Promise<{ findings: Finding[]; unseen: Problem[] }> {
  const { kube } = cluster;
  const facts = await collectFacts(kube);
  const probes = await Promise.all(addressesOf(facts).map((one) => probed(kube, one, connectWithin)));
  return {
    findings: diagnose({ ...facts, probes }).map(({ says, evidence, next }) => ({
      wrong: says,
      evidence,
      next,
    })),
    unseen: facts.unread.map(({ error }) => apiProblem(error, 'look at the gateways', cluster) as Problem),
  };
}

type Reachable = Pick<Probe, 'about' | 'address'> & { service: Service | undefined };

/** Where gateways of either API are to be reached: one port of each is enough. */
function addressesOf({ gateways, istioGateways, services, pods }: Facts): Reachable[] {
  const ofGateways = gateways.flatMap((gateway): Reachable[] => {
    const host = ipOf(gateway.status?.addresses?.[0]?.value);
    const port = gateway.spec.listeners.find(({ protocol }) => protocol !== 'UDP')?.port;
    if (host === undefined || port === undefined) return [];
    return [{ about: refOf(gateway), address: { host, port }, service: serviceFor(gateway, services) }];
  });
  const serving = pods.filter(({ metadata }) =>
    istioGateways.some(({ spec }) => selects(spec.selector, metadata.labels)),
  );
  const ofServices = services.flatMap((service): Reachable[] => {
    const host = service.status?.loadBalancer?.ingress?.[0]?.ip;
    const before = serving.some(
      ({ metadata }) =>
        metadata.namespace === service.metadata.namespace && selects(service.spec.selector, metadata.labels),
    );
    const wanted = istioGateways.flatMap(({ spec }) => spec.servers ?? []).map(({ port }) => port.number);
    const port = service.spec.ports.find((one) => wanted.includes(one.port))?.port;
    return host === undefined || port === undefined || !before
      ? []
      : [{ about: refOf(service), address: { host, port }, service }];
  });
  return [...ofGateways, ...ofServices];
}

/** Host names are looked at with the platform: they have reasons of their own. */
const ipOf = (address = ''): string | undefined => (isIP(address) ? address : undefined);
