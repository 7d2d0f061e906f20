import type { GatewayObject } from '../gateway/types.ts';
import type { Kube } from '../kube/client.ts';
import { isReady, type Pod, podKind } from '../pods/types.ts';
import type { Address } from '../traffic/request.ts';
import { type Service, selectorOf } from './service.ts';

/** An ingress address was asked for where there is none. */
export class NoAddress extends Error {
  override readonly name = 'NoAddress';
}

/** @throws NoAddress when the Gateway has no listener of that name */
export function portOfListener({ metadata, spec }: GatewayObject, listener: string): number {
  const found = spec.listeners.find(({ name }) => name === listener);
  if (found) return found.port;
  const names = spec.listeners.map(({ name }) => name).join(', ');
  throw new NoAddress(`Gateway ${metadata.name} has no listener "${listener}"; it has: ${names}`);
}

/**
 * Ingress host and port from the Gateway: the first address of its status, the port of the listener of that name.
 * @throws NoAddress when there is no such listener, or no address yet
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewaystatusaddress
 */
export function addressOfListener(gateway: GatewayObject, listener: string): Address {
  const port = portOfListener(gateway, listener);
  const [first] = gateway.status?.addresses ?? [];
  if (!first) throw new NoAddress(`Gateway ${gateway.metadata.name} has no address in its status`);
  return { host: first.value, port };
}

/**
 * Host from the Service's load balancer, be it an IP or a host name, and the Service's port.
 * @param port the port that the load balancer listens on
 * @throws NoAddress when no load balancer took the Service, or it has no such port
 */
export function addressOfLoadBalancer(service: Service, port: number): Address {
  const name = `Service ${service.metadata.namespace}/${service.metadata.name}`;
  const [ingress] = service.status?.loadBalancer?.ingress ?? [];
  const host = ingress?.ip ?? ingress?.hostname;
  if (host === undefined) throw new NoAddress(`${name} has no load balancer (EXTERNAL-IP is pending)`);
  portOf(service, port);
  return { host, port };
}

/**
 * The address of the node that one of the Service's ready pods runs on, and the node port behind the Service's port.
 * @param port the Service's port, by its number or its name
 * @throws NoAddress when the Service has no such port, no node port, or no running pod
 */
export async function addressOfNodePort(
  kube: Kube,
  service: Service,
  port: number | string,
): Promise<Address> {
  const { namespace = '', name } = service.metadata;
  const { nodePort } = portOf(service, port);
  if (nodePort === undefined)
    throw new NoAddress(`Service ${namespace}/${name} has no node port for ${port}`);
  const { items } = await kube.list<Pod>({ ...podKind, namespace, labels: selectorOf(service) });
  const running = items.find(({ status }) => status?.phase === 'Running' && status.hostIP !== undefined);
  if (!running?.status?.hostIP) throw new NoAddress(`Service ${namespace}/${name} has no running pod`);
  return { host: running.status.hostIP, port: nodePort };
}

/**
 * The Service's own address inside the cluster.
 * @param port the Service's port, by its number or its name
 * @throws NoAddress when the Service has no such port, or no address
 */
export function addressInCluster(service: Service, port: number | string): Address {
  const { metadata, spec } = service;
  const { clusterIP = 'None' } = spec;
  if (clusterIP === 'None' || clusterIP === '')
    throw new NoAddress(`Service ${metadata.namespace}/${metadata.name} has no cluster IP`);
  return { host: clusterIP, port: portOf(service, port).port };
}

/**
 * One of the Service's ready pods, and its port behind the Service's port.
 * @throws NoAddress when the Service has no such port, no ready pod, or the pod no port of that name
 */
export async function podBehind(
  kube: Kube,
  service: Service,
  port: number,
): Promise<{ pod: { namespace: string; name: string }; port: number }> {
  const { namespace = '', name } = service.metadata;
  const { targetPort = port } = portOf(service, port);
  const { items } = await kube.list<Pod>({ ...podKind, namespace, labels: selectorOf(service) });
  const ready = items.find(isReady);
  if (!ready) throw new NoAddress(`Service ${namespace}/${name} has no ready pod`);
  const pod = { namespace, name: ready.metadata.name };
  if (typeof targetPort === 'number') return { pod, port: targetPort };
  const named = ready.spec.containers
    .flatMap(({ ports = [] }) => ports)
    .find((each) => each.name === targetPort);
  if (!named) throw new NoAddress(`Pod ${namespace}/${pod.name} has no port named "${targetPort}"`);
  return { pod, port: named.containerPort };
}

/** The Service's port of that number or name. @throws NoAddress when it has none */
export function portOf({ metadata, spec }: Service, port: number | string): Service['spec']['ports'][number] {
  const found = spec.ports.find((each) => each.port === port || each.name === port);
  if (!found) {
    const ports = spec.ports.map((each) => `${each.name ?? ''} ${each.port}`.trim()).join(', ');
    throw new NoAddress(
      `Service ${metadata.namespace}/${metadata.name} has no port ${port}; it has: ${ports}`,
    );
  }
  return found;
}
