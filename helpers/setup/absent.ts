import { type Crd, untestableFeatures } from '../../cluster/preflight/features.ts';
import { isOlder } from '../../cluster/preflight/gateway-api.ts';
import { isIstioTarget, type Target } from '../../cluster/target.ts';
import { istioGatewayKind } from '../edge/types.ts';
import type { Kube } from '../kube/client.ts';
import type { Manifest } from '../kube/manifests.ts';
import type { KubeObject } from '../kube/objects.ts';
import { RUN_LABEL } from '../labels.ts';
import { type Deployment, deploymentKind, podKind } from '../pods/types.ts';
import { namespaceKind } from '../run/remove.ts';

/** The cluster lacks what the fixtures are written for; a case that stands on them does not apply. */
export class Absent extends Error {
  override readonly name = 'Absent';
}

/** Annotation of an object with values that older CRDs refuse: the release of Gateway API that it needs, as v1.7.0. */
const SINCE_ANNOTATION = 'ingress-conformance/since-gateway-api';

/** Istio makes a gateway of the pods whose template asks for it by this annotation. */
const INJECTED_TEMPLATE = 'inject.istio.io/templates';

/** Whether Istio makes a gateway of the Deployment's pods. */
export const isInjectedGateway = ({ spec }: Deployment): boolean =>
  spec.template?.metadata?.annotations?.[INJECTED_TEMPLATE] === 'gateway';

/**
 * Looks whether fixtures can be applied in the cluster as they are meant.
 * @throws Absent when they need an Istio and there is none, or another implementation is tested; when they have Gateways look at clients' certificates and
 * the CRD has no field for that; when one says that it needs a later Gateway API; when they hold an Ingress for any host
 * and the cluster, being somebody's own, has other pods that would serve it too
 */
export async function demandPresent(
  { kube, target }: { kube: Kube; target: Pick<Target, 'kind' | 'versions'> },
  manifests: Manifest[],
): Promise<void> {
  const objects = manifests.map(({ object }) => object);
  if (objects.some(needsIstio)) {
    if (!isIstioTarget(target))
      throw new Absent(`it stands on Istio, and what is tested is ${target.versions.implementation}`);
    if (!(await kube.knows(istioGatewayKind)))
      throw new Absent('the cluster has no Istio: its API server knows no Gateway in networking.istio.io/v1');
  }
  if (objects.some(looksAtClients) && (await lacks(kube, CLIENT_VALIDATION)))
    throw new Absent(`the CRD of Gateway, as the cluster has it, has no room for ${CLIENT_VALIDATION}`);
  const { version } = target.versions.gatewayApi;
  const since = objects.map(sinceOf).find((release) => isOlder(version, release));
  if (since !== undefined)
    throw new Absent(`the Gateway API CRDs are ${version}: what it configures came with ${since}`);
  if (target.kind !== 'existing' || !objects.some(isForAnyHost)) return;
  const [pods, namespaces] = await Promise.all([
    kube.list({ ...podKind, labels: 'istio=ingressgateway' }),
    kube.list({ ...namespaceKind, labels: RUN_LABEL }),
  ]);
  const ours = new Set(namespaces.items.map(({ metadata }) => metadata.name));
  const theirs = pods.items.find(({ metadata }) => !ours.has(metadata.namespace ?? ''));
  if (!theirs) return;
  const { namespace, name } = theirs.metadata;
  throw new Absent(
    `pod ${namespace}/${name} serves the cluster's Ingresses: one without a host would be answered there too`,
  );
}

const CLIENT_VALIDATION = 'GatewayFrontendClientCertificateValidation';

const looksAtClients = ({ kind, spec }: KubeObject): boolean =>
  kind === 'Gateway' && (spec as { tls?: { frontend?: unknown } }).tls?.frontend !== undefined;

/** Whether the CRD of Gateway has no room for a feature. @throws ApiError */
async function lacks(kube: Kube, feature: string): Promise<boolean> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gateways.gateway.networking.k8s.io';
  return untestableFeatures([await kube.send<Crd>('GET', path)]).includes(feature);
}

const sinceOf = ({ metadata }: KubeObject): string => metadata.annotations?.[SINCE_ANNOTATION] ?? '';

const needsIstio = (object: KubeObject): boolean =>
  /\.istio\.io\//.test(object.apiVersion) ||
  (object.kind === deploymentKind.kind && isInjectedGateway(object as Deployment));

const isForAnyHost = ({ kind, spec }: KubeObject): boolean =>
  kind === 'Ingress' && (spec as { rules?: { host?: string }[] }).rules?.some(({ host }) => !host) === true;
