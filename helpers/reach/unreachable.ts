import { Problem } from '../../cluster/problem.ts';
import { conditionSummary } from '../gateway/conditions.ts';
import { GATEWAY_NAME_LABEL, type GatewayObject, gatewayKind } from '../gateway/types.ts';
import type { Kube } from '../kube/client.ts';
import type { KubeObject, Selection } from '../kube/objects.ts';
import { podProgress } from '../pods/stuck.ts';
import { type Pod, podKind } from '../pods/types.ts';
import { type Address, authority } from '../traffic/request.ts';
import { type Connected, connect } from './connect.ts';
import { type Service, serviceOf } from './service.ts';

interface Event extends KubeObject {
  reason?: string;
  message?: string;
  type?: string;
}

/**
 * Finds out why this machine gets no connection to a Gateway's listener: the Service is pending for want of a load
 * balancer, no pod of the gateway is ready, the address does not lead there from here, or nothing listens at it.
 * @param connectTimeout milliseconds for its own try to connect
 * @returns the Problem to throw or to show; undefined when the connect succeeds now
 * @throws ApiError when the API server does not answer
 */
export async function whyUnreachable(
  kube: Kube,
  { namespace, name }: { namespace: string; name: string },
  port: number,
  connectTimeout: number,
): Promise<Problem | undefined> {
  const gateway = await kube.get<GatewayObject>({ ...gatewayKind, namespace, name });
  const asked = `reach Gateway ${namespace}/${name}`;
  if (!gateway) {
    return new Problem({
      asked,
      got: 'there is no such Gateway',
      cause: 'it was deleted meanwhile',
      next: kube.kubectl(`-n ${namespace} get gateways`),
    });
  }
  const service = await serviceOf(kube, { namespace, name });
  const host = gateway.status?.addresses?.[0]?.value;
  if (host === undefined) {
    return service?.spec.type === 'LoadBalancer' && !service.status?.loadBalancer?.ingress?.length
      ? await pending(kube, asked, service)
      : withoutAddress(kube, asked, gateway);
  }
  const labels = `${GATEWAY_NAME_LABEL}=${name}`;
  const pods = { ...podKind, namespace, labels };
  return whyNoConnection(kube, { asked, address: { host, port }, pods }, connectTimeout);
}

/** As whyUnreachable, for an address in front of these pods. */
export async function whyNoConnection(
  kube: Kube,
  { asked, address, pods: selection }: { asked: string; address: Address; pods: Selection },
  connectTimeout: number,
): Promise<Problem | undefined> {
  const connected = await connect(address, connectTimeout);
  if (connected === 'open') return undefined;
  const { items: pods } = await kube.list<Pod>(selection);
  const unready = pods.filter(
    ({ status }) => !status?.conditions?.some((is) => is.type === 'Ready' && is.status === 'True'),
  );
  return unready.length > 0 && unready.length === pods.length
    ? notReady(kube, { asked, address, connected }, unready)
    : unreachable(asked, address, connected);
}

/** Why a Service of type LoadBalancer has no address. */
export async function pending(kube: Kube, asked: string, { metadata }: Service): Promise<Problem> {
  const { namespace = '', name, uid } = metadata;
  const { items } = await kube.list<Event>({ apiVersion: 'v1', kind: 'Event', namespace });
  const about = items.filter((event) => (event.involvedObject as { uid?: string } | undefined)?.uid === uid);
  const warning = about.findLast(({ type }) => type === 'Warning');
  return new Problem({
    asked,
    got: `Service ${namespace}/${name} of type LoadBalancer stays pending${warning ? `: ${warning.reason}: ${warning.message}` : ''}`,
    cause: warning
      ? 'the load balancer could not give the Service an address'
      : 'no load balancer takes Services in this cluster',
    next: warning
      ? kube.kubectl(`-n ${namespace} describe service ${name}`)
      : 'install one (on kind and bare metal: MetalLB with an address pool; on minikube: minikube tunnel)',
  });
}

function withoutAddress(kube: Kube, asked: string, { metadata, spec, status }: GatewayObject): Problem {
  const { generation = 0, namespace, name } = metadata;
  const taken = status?.conditions?.some(({ observedGeneration }) => observedGeneration !== undefined);
  return new Problem({
    asked,
    got: `its status has no address; ${conditionSummary(status?.conditions, generation)}`,
    cause: taken
      ? 'its controller has not provisioned it'
      : `no controller has taken it: there is none for its GatewayClass "${spec.gatewayClassName}"`,
    next: taken
      ? kube.kubectl(`-n ${namespace} describe gateway ${name}`)
      : kube.kubectl(`get gatewayclass ${spec.gatewayClassName}`),
  });
}

function notReady(
  kube: Kube,
  { asked, address, connected }: { asked: string; address: Address; connected: Connected },
  pods: Pod[],
): Problem {
  const [first] = pods;
  return new Problem({
    asked,
    got: `${authority(address)}: ${outcomes[connected]}; ${pods.map(podProgress).join(', ')}`,
    cause: 'the gateway has an address, but none of its pods is ready',
    next: kube.kubectl(`-n ${first?.metadata.namespace} describe pod ${first?.metadata.name}`),
  });
}

const outcomes: Record<Exclude<Connected, 'open'>, string> & { open: string } = {
  open: 'a connection opens',
  refused: 'the connection is refused',
  timeout: 'no connection opens: connects are left without an answer',
  unreachable: 'the network says it is unreachable',
  'unknown-host': 'the name does not resolve',
};

function unreachable(asked: string, address: Address, connected: Connected): Problem {
  const got = `${authority(address)}: ${outcomes[connected]}`;
  if (connected === 'refused') {
    const cause =
      'the address is reached, but nothing listens at that port: the load balancer has no ready endpoint';
    return new Problem({ asked, got, cause, next: `nc -vz ${address.host} ${address.port}` });
  }
  if (connected === 'unknown-host') {
    const cause = "the load balancer's host name is not known to the DNS that this machine asks";
    return new Problem({ asked, got, cause, next: `getent hosts ${address.host}` });
  }
  return new Problem({
    asked,
    got,
    cause:
      'nothing answers for the address on the way from here: this machine has no way into its network (a cluster in a virtual machine, as with Docker Desktop, a VPN or a firewall between), or the load balancer does not announce it',
    next: `ip route get ${address.host}; or run from a machine inside that network`,
  });
}
