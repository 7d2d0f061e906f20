import { isIPv6 } from 'node:net';
import type { Kube } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import { deploymentReady } from '../pods/ready.ts';
import type { Pod } from '../pods/types.ts';

/** Annotation of a fixture's EndpointSlice: the Deployment, in its namespace, whose pods are to be its endpoints. */
const ENDPOINTS_ANNOTATION = 'ingress-conformance/endpoints-of';

/** Annotation of the same: `false` where those endpoints are to be unready. */
const READY_ANNOTATION = 'ingress-conformance/endpoints-ready';

/** The Deployment, in the object's namespace, whose pods are to be its endpoints; undefined for all that asks for none. */
export const endpointsWanted = ({ metadata }: KubeObject): string | undefined =>
  metadata.annotations?.[ENDPOINTS_ANNOTATION];

/**
 * Gives an EndpointSlice whose annotation asks for it the addresses, of its own family, that the Deployment's pods
 * have; gives any other object as it is. Settles when the pods are ready.
 * @throws BackendStuck; WaitTimeout
 */
export async function withEndpoints(
  kube: Kube,
  object: KubeObject,
  options: { timeout: number; signal?: AbortSignal | undefined },
): Promise<KubeObject> {
  const { namespace = '' } = object.metadata;
  const name = endpointsWanted(object);
  if (name === undefined) return object;
  const pods = await deploymentReady(kube, { name, namespace }, options);
  const ready = object.metadata.annotations?.[READY_ANNOTATION] !== 'false';
  return { ...object, endpoints: endpointsOf(pods, { ipv6: object.addressType === 'IPv6', ready }) };
}

/** What an EndpointSlice says of pods with an address of its family. */
export function endpointsOf(pods: Pod[], { ipv6, ready }: { ipv6: boolean; ready: boolean }): object[] {
  return pods.flatMap(({ metadata: { name, namespace }, spec: { nodeName }, status }) => {
    const addresses = (status?.podIPs ?? []).map(({ ip }) => ip).filter((ip) => isIPv6(ip) === ipv6);
    const targetRef = { kind: 'Pod', name, namespace };
    return addresses.length === 0 ? [] : [{ addresses, conditions: { ready }, nodeName, targetRef }];
  });
}
