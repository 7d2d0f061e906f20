import { Problem } from '../../cluster/problem.ts';
import { collectFacts } from '../diagnose/collect.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import type { Diagnosis } from '../diagnose/diagnosis.ts';
import { Diagnosed } from '../diagnose/explain.ts';
import type { Probe } from '../diagnose/facts.ts';
import { isRelated } from '../diagnose/related.ts';
import { type GatewayObject, gatewayKind } from '../gateway/types.ts';
import type { Kube } from '../kube/client.ts';
import { type Ref, refOf } from '../kube/objects.ts';
import type { Address } from '../traffic/request.ts';
import { addressOfNodePort, NoAddress } from './address.ts';
import { type Connected, connect } from './connect.ts';
import { direct, type Road } from './road.ts';
import { type Service, serviceOf } from './service.ts';

/**
 * Finds out why this machine gets no connection to a Gateway's listener: nothing serves it, its Service is pending for
 * want of a load balancer, no pod of the gateway is ready, the address does not lead there from here.
 * @param by how it was asked; the port of a listener for which there was no address to ask at
 * @param connectTimeout milliseconds for each of its own tries to connect
 * @returns the Problem to throw or to show; undefined when the connect succeeds now
 * @throws ApiError when the API server does not answer
 */
export async function whyUnreachable(
  kube: Kube,
  { namespace, name }: { namespace: string; name: string },
  by: Road | number,
  connectTimeout: number,
): Promise<Problem | undefined> {
  const gateway = await kube.get<GatewayObject>({ ...gatewayKind, namespace, name });
  const what = `Gateway ${namespace}/${name}`;
  if (!gateway) {
    return new Problem({
      asked: `reach ${what}`,
      got: 'there is no such Gateway',
      cause: 'it was deleted meanwhile',
      next: kube.kubectl(`-n ${namespace} get gateways`),
    });
  }
  const host = gateway.status?.addresses?.[0]?.value;
  const own = (port: number) => (host === undefined ? undefined : direct({ host, port }));
  const road = typeof by === 'number' ? own(by) : by;
  const service = await serviceOf(kube, { namespace, name });
  return whyNoConnection(kube, { what, about: refOf(gateway), namespace, road, service }, connectTimeout);
}

/** What cannot be reached. */
interface Unreached {
  /** `Gateway shop/web`, for messages. */
  what: string;
  about: Ref;
  /** Of its configuration. */
  namespace: string;
  /** Undefined while it has no address. */
  road: Road | undefined;
  service: Service | undefined;
}

/** As whyUnreachable, for whatever has an address and a Service. */
export async function whyNoConnection(
  kube: Kube,
  { what, about, namespace, road, service }: Unreached,
  connectTimeout: number,
): Promise<Problem | undefined> {
  const probe = road && (await probeOf(road));
  const connected = probe?.connected ?? (await road?.connect(connectTimeout));
  if (connected === 'open') return undefined;
  const facts = await collectFacts(kube, [...new Set([namespace, about.namespace ?? namespace])]);
  const found = diagnose({ ...facts, probes: probe ? [probe] : [] }).filter(
    ({ cause, shows }) =>
      shows.includes('no-connection') && !(road && road.way !== 'loadbalancer' && ofTheBalancer.has(cause)),
  );
  // what is wrong beside it may be meant
  const first = found.find(isRelated(facts, about)) ?? found[0];
  if (first) return new Diagnosed(`reach ${what}`, first);
  if (road && connected) return closed(kube, what, road, connected);
  return new Problem({
    asked: `reach ${what}`,
    got: 'it has no address',
    cause: 'nothing in the cluster tells why: it may come yet',
    next: kube.kubectl(`-n ${namespace} get all`),
  });

  async function probeOf({ way, address }: Road): Promise<Probe | undefined> {
    if (way === 'loadbalancer') return probed(kube, { about, address, service }, connectTimeout);
    if (way !== 'nodeport') return undefined;
    return { about, way, address, connected: await connect(address, connectTimeout) };
  }
}

/** Tries a load balancer's address and, where no connection opens, the node port behind it. */
export async function probed(
  kube: Kube,
  { about, address, service }: Pick<Unreached, 'about' | 'service'> & { address: Address },
  timeout: number,
): Promise<Probe> {
  const connected = await connect(address, timeout);
  const probe: Probe = { about, way: 'loadbalancer', address, connected };
  if (connected === 'open' || !service) return probe;
  try {
    const other = await addressOfNodePort(kube, service, address.port);
    return { ...probe, nodePort: { address: other, connected: await connect(other, timeout) } };
  } catch (error) {
    if (!(error instanceof NoAddress)) throw error;
    return probe;
  }
}

/** What a bridge goes round. */
const ofTheBalancer: ReadonlySet<Diagnosis['cause']> = new Set([
  'load-balancer-refuses',
  'load-balancer-class-unknown',
  'load-balancer-silent',
  'load-balancer-missing',
  'ingress-without-address',
  'gateway-not-programmed',
]);

/** What is known of a bridge, or a node port, that does not open where the objects are as they should be. */
function closed(kube: Kube, what: string, road: Road, connected: Connected): Problem {
  const { host, port } = road.leadsTo;
  const got = `${road.what}: no connection opens (${connected})`;
  if (!road.byHand) {
    return new Problem({
      asked: `reach ${what}`,
      got,
      cause:
        'this machine has no way into the network of that address, a firewall drops the port, or nothing stands behind it',
      next: `ip route get ${host}; or npm test -- --reach in-cluster`,
    });
  }
  const { service, port: forwarded } = road.byHand;
  const { namespace, name } = service.metadata;
  return new Problem({
    asked: `reach ${what}`,
    got,
    cause: `from where it is asked nothing answers at port ${port}: a NetworkPolicy forbids it, or the pod does not listen at the target port of its Service`,
    next: kube.kubectl(`-n ${namespace} port-forward service/${name} :${forwarded}`),
  });
}
