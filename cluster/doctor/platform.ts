import { lookup } from 'node:dns/promises';
import { BlockList } from 'node:net';
import { isMade } from '../../helpers/gateway/made.ts';
import { type Connected, connect } from '../../helpers/reach/connect.ts';
import { type PlatformNode, platformOf, tunnelCommand } from '../platform.ts';
import { read } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';
import { kubectlOptions } from '../preflight/connection.ts';
import type { Finding } from './finding.ts';

interface Node extends PlatformNode {
  metadata: { name: string; labels?: Record<string, string> };
  status: { addresses?: { type: string; address: string }[] };
}

interface Port {
  name?: string;
  port: number;
  nodePort?: number;
}

interface Service {
  metadata: { name: string; namespace: string; labels?: Record<string, string>; creationTimestamp: string };
  spec: { type: string; clusterIP?: string; ports: Port[]; selector?: Record<string, string> };
  status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

/** Milliseconds for a TCP connect to another continent, with one packet lost on the way. */
const PATIENCE = 2_000;

/** Milliseconds that AWS may take to publish the name of a new load balancer. */
const SOON = 10 * 60_000;

/** Istio's gateways answer health checks there: no traffic comes in by it. */
const HEALTH_PORT = 15_021;

/**
 * What keeps the addresses of gateways from being reached on the platform that the cluster runs on: a minikube tunnel
 * that has ended, node ports of GKE without a firewall rule, a load balancer's host name that does not resolve (yet), or
 * that of an internal one.
 * @throws Problem when nodes or Services cannot be read
 */
export async function diagnosePlatform(cluster: Cluster): Promise<Finding[]> {
  const [nodes, services] = await Promise.all([
    read<{ items: Node[] }>(cluster, 'the nodes', '/api/v1/nodes'),
    read<{ items: Service[] }>(cluster, 'the Services', '/api/v1/services'),
  ]);
  const gateways = (services?.items ?? []).filter(
    (service) => isMade(service) || service.spec.selector?.istio !== undefined,
  );
  const of = nodes?.items ?? [];
  const looks = [
    ...gateways.map((service) => hostNameOf(cluster, service)),
    ...(platformOf(of)?.name === 'minikube' ? gateways.map((service) => tunnelOf(of, service)) : []),
    ...(platformOf(of)?.name === 'GKE' ? gateways.map((service) => nodePortsOf(of, service)) : []),
  ];
  return (await Promise.all(looks)).filter((finding) => finding !== undefined);
}

/** A tunnel gives a Service its own clusterIP, or loopback, as address, and that outlives the tunnel. */
async function tunnelOf(nodes: Node[], { metadata, spec, status }: Service): Promise<Finding | undefined> {
  const ip = status.loadBalancer?.ingress?.[0]?.ip;
  const port = trafficPorts(spec.ports)[0]?.port;
  if (ip === undefined || port === undefined || (ip !== spec.clusterIP && ip !== '127.0.0.1'))
    return undefined;
  const connected = await connect({ host: ip, port }, PATIENCE);
  if (connected === 'open') return undefined;
  return {
    wrong: `Service ${metadata.namespace}/${metadata.name} has an address of minikube's tunnel, and no tunnel leads there`,
    evidence: [`${ip}:${port}: ${said[connected]}`, `minikube: ${platformOf(nodes)?.sign}`],
    next: tunnelCommand(nodes),
  };
}

async function nodePortsOf(nodes: Node[], service: Service): Promise<Finding | undefined> {
  const { spec, status } = service;
  const pending = spec.type === 'LoadBalancer' && !status.loadBalancer?.ingress?.length;
  const ports = trafficPorts(spec.ports).filter(({ nodePort }) => nodePort !== undefined);
  if ((spec.type !== 'NodePort' && !pending) || ports.length === 0) return undefined;
  const node = nodes.find((each) => externalAddress(each) !== undefined);
  const host = node && externalAddress(node);
  const outcomes = host
    ? await Promise.all(ports.map(({ nodePort = 0 }) => connect({ host, port: nodePort }, PATIENCE)))
    : [];
  return closedNodePorts(
    service,
    node,
    ports.filter((_, index) => outcomes[index] !== 'open' && outcomes[index] !== 'refused'),
  );
}

/**
 * The node ports of a Service on GKE that let nothing in, with the firewall rules that would.
 * @param node one with an external address; undefined when there is none
 * @param closed the ports to which a connect there was left without an answer; a refused one has passed the firewall
 * @see https://cloud.google.com/sdk/gcloud/reference/compute/firewall-rules/create
 */
export function closedNodePorts(
  { metadata }: Pick<Service, 'metadata'>,
  node: Node | undefined,
  closed: Port[],
): Finding | undefined {
  const service = `Service ${metadata.namespace}/${metadata.name}`;
  if (!node) {
    return {
      wrong: `${service} can be reached by its node ports only, and no node has an external address`,
      evidence: ['no address of type ExternalIP: a private GKE cluster'],
      next: "ask from a machine inside the cluster's VPC network, or from inside the cluster",
    };
  }
  if (closed.length === 0) return undefined;
  const project = /^gce:\/\/([^/]+)\//.exec(node.spec.providerID ?? '')?.[1];
  const rules = closed.map(({ name, port, nodePort }) => {
    const rule = `allow-${metadata.name}-${name ?? port}`.slice(0, 63).replace(/-+$/, '');
    return `gcloud compute firewall-rules create ${rule}${project ? ` --project=${project}` : ''} --allow=tcp:${nodePort}`;
  });
  return {
    wrong: `node ports of ${service} let nothing in: on GKE they are closed until a firewall rule opens them`,
    evidence: closed.map(
      ({ name, port, nodePort }) =>
        `node ${node.metadata.name} at ${externalAddress(node)}:${nodePort} (${name ?? port}): no answer`,
    ),
    next: rules.join(' && '),
  };
}

async function hostNameOf(cluster: Cluster, service: Service): Promise<Finding | undefined> {
  const hostname = service.status.loadBalancer?.ingress?.[0]?.hostname;
  const port = trafficPorts(service.spec.ports)[0]?.port;
  if (hostname === undefined || port === undefined) return undefined;
  try {
    const addresses = (await lookup(hostname, { all: true })).map(({ address }) => address);
    if (!addresses.every(isPrivate)) return undefined;
    const connected = await connect({ host: hostname, port }, PATIENCE);
    return connected === 'open' ? undefined : internal(cluster, service, hostname, addresses);
  } catch (error) {
    return unresolved(cluster, service, hostname, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

function unresolved({ connection }: Cluster, { metadata }: Service, hostname: string, code: string): Finding {
  const age = Date.now() - Date.parse(metadata.creationTimestamp);
  const minutes = Math.round(age / 60_000);
  const fresh = age < SOON;
  return {
    wrong: `the load balancer's host name of Service ${metadata.namespace}/${metadata.name} ${fresh ? 'is not known to DNS yet' : 'is not known to the DNS that this machine asks'}`,
    evidence: [`${hostname}: ${code}`, `the Service was made ${minutes} min ago`],
    next: fresh
      ? `wait some minutes, until nslookup ${hostname} knows it`
      : `nslookup ${hostname} 8.8.8.8; where that does not know it either, the load balancer is gone: kubectl describe service ${metadata.name} --namespace ${metadata.namespace} ${kubectlOptions(connection)}`,
  };
}

/**
 * A load balancer that only its own network can reach, as AWS's controller makes them since 2.2.
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/
 */
export function internal(
  { connection }: Pick<Cluster, 'connection'>,
  { metadata }: Pick<Service, 'metadata'>,
  hostname: string,
  addresses: string[],
): Finding {
  const { name, namespace } = metadata;
  return {
    wrong: `the load balancer of Service ${namespace}/${name} is an internal one, and this machine is not in its network`,
    evidence: [`${hostname} resolves to ${addresses.join(', ')}, and no connection opens`],
    next: `ask from inside that network or the cluster; or have it made anew for the internet (AWS): kubectl annotate service ${name} --namespace ${namespace} ${kubectlOptions(connection)} service.beta.kubernetes.io/aws-load-balancer-scheme=internet-facing`,
  };
}

const said: Record<Exclude<Connected, 'open'>, string> & { open: string } = {
  open: 'a connection opens',
  refused: 'the connection is refused',
  timeout: 'no answer',
  unreachable: 'the network says it is unreachable',
  'unknown-host': 'the name does not resolve',
};

const trafficPorts = (ports: Port[]): Port[] => ports.filter(({ port }) => port !== HEALTH_PORT);

const externalAddress = ({ status }: Node): string | undefined =>
  status.addresses?.find(({ type }) => type === 'ExternalIP')?.address;

const privateRanges = new BlockList();
privateRanges.addSubnet('10.0.0.0', 8);
privateRanges.addSubnet('172.16.0.0', 12);
privateRanges.addSubnet('192.168.0.0', 16);
// shared address space, which AWS lends to pods and subnets
privateRanges.addSubnet('100.64.0.0', 10);
privateRanges.addSubnet('fc00::', 7, 'ipv6');

/** RFC 1918, RFC 6598, RFC 4193. */
export const isPrivate = (address: string): boolean =>
  privateRanges.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
