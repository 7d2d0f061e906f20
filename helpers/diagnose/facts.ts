import type { PlatformNode } from '../../cluster/platform.ts';
import type { IstiodDeployment } from '../../cluster/preflight/istio.ts';
import type { GatewayObject, ParentRef, RouteObject } from '../gateway/types.ts';
import type { ApiError } from '../kube/errors.ts';
import { type Condition, isObject, type KubeObject, type Ref } from '../kube/objects.ts';
import { PART_LABEL, SUITE_LABEL } from '../labels.ts';
import type { Pod } from '../pods/types.ts';
import type { Connected } from '../reach/connect.ts';
import type { Service } from '../reach/service.ts';
import type { Address, Answer, NoAnswer, Request } from '../traffic/request.ts';

export interface GatewayClass extends KubeObject {
  spec: { controllerName: string };
  status?: { conditions?: Condition[] };
}

interface BackendRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  port?: number;
  weight?: number;
}

interface HTTPRouteMatch {
  path?: { type?: string; value?: string };
}

/** A route of any kind; what only some kinds have is optional. */
export interface Route extends RouteObject {
  spec: {
    parentRefs?: ParentRef[];
    hostnames?: string[];
    rules?: { matches?: HTTPRouteMatch[]; backendRefs?: BackendRef[] }[];
  };
}

interface ReferenceGrant extends KubeObject {
  spec: {
    from: { group: string; kind: string; namespace: string }[];
    to: { group: string; kind: string; name?: string }[];
  };
}

interface IstioServer {
  port: { number: number; name: string; protocol: string };
  hosts: string[];
  bind?: string;
  tls?: { mode?: string; credentialName?: string; httpsRedirect?: boolean };
}

/** networking.istio.io/v1 Gateway */
export interface IstioGateway extends KubeObject {
  spec: { selector?: Record<string, string>; servers?: IstioServer[] };
}

interface Destination {
  destination: { host: string; port?: { number?: number } };
}

/** networking.istio.io/v1 VirtualService */
export interface VirtualService extends KubeObject {
  spec: {
    hosts?: string[];
    gateways?: string[];
    http?: { match?: { uri?: Record<string, string> }[]; route?: Destination[] }[];
    tcp?: { route?: Destination[] }[];
    tls?: { route?: Destination[] }[];
  };
}

interface IngressBackend {
  service?: { name: string; port?: { number?: number; name?: string } };
}

/** networking.k8s.io/v1 Ingress */
export interface Ingress extends KubeObject {
  spec: {
    ingressClassName?: string;
    defaultBackend?: IngressBackend;
    tls?: { hosts?: string[]; secretName?: string }[];
    rules?: { host?: string; http?: { paths: { path?: string; backend: IngressBackend }[] } }[];
  };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

interface IngressClass extends KubeObject {
  spec: { controller?: string };
}

export interface EndpointSlice extends KubeObject {
  endpoints?: { conditions?: { ready?: boolean }; targetRef?: { name?: string } }[] | null;
  ports?: { name?: string; port?: number }[] | null;
}

export interface Event extends KubeObject {
  type?: string;
  reason?: string;
  message?: string;
  involvedObject: { kind?: string; name?: string; namespace?: string; uid?: string };
  source?: { component?: string };
  reportingComponent?: string;
}

/** What is known of a Secret: nothing of its data. */
export interface SecretName {
  namespace: string;
  name: string;
  type: string;
}

/** A row that came out wrong. */
export interface Row {
  /** What has the address that was asked, where that is known. */
  of?: Ref | undefined;
  address: Address;
  /** Of the listener that was asked. */
  port: number;
  request: Request;
  answer: Answer | NoAnswer;
  /** Whether a backend saw the request. */
  seen: boolean;
}

/** A try to connect from this machine to where a Service or Gateway is said to be. */
export interface Probe {
  about: Ref;
  /** Of a load balancer; or of a node, with a node port, where a run asks its gateways there. */
  way: 'loadbalancer' | 'nodeport';
  address: Address;
  connected: Connected;
  /** The same gateway asked by a node's address and its Service's node port; absent when that was not tried. */
  nodePort?: { address: Address; connected: Connected };
}

/**
 * What diagnoses are made from: plain lists of objects. A list that could not be read is empty and named in
 * `unread`; one whose kind the cluster does not know is empty.
 */
export interface Facts {
  /** Namespaces that diagnoses are wanted of; undefined: all. */
  scope: string[] | undefined;
  /** The suite that they are wanted of, where its objects are in a namespace with those of others; undefined: all. */
  suite?: string | undefined;
  /** The part of the fixtures that they are wanted of; undefined: all. */
  part?: string | undefined;
  /** kubectl of this cluster, for commands: `get pods` → `kubectl --context NAME get pods`. */
  kubectl: (words: string) => string;
  /** What could not be read, in the API server's words; no diagnosis concludes from its absence. */
  unread: { kind: string; error: ApiError }[];
  gatewayClasses: GatewayClass[];
  gateways: GatewayObject[];
  routes: Route[];
  grants: ReferenceGrant[];
  istioGateways: IstioGateway[];
  virtualServices: VirtualService[];
  ingresses: Ingress[];
  ingressClasses: IngressClass[];
  services: Service[];
  namespaces: KubeObject[];
  nodes: (KubeObject & PlatformNode)[];
  /** Deployments of istiod. */
  istiods: (KubeObject & IstiodDeployment)[];
  /** Webhook configurations of Istio: the tags of its revisions, and its default revision. */
  webhooks: KubeObject[];
  slices: EndpointSlice[];
  pods: Pod[];
  events: Event[];
  /** Namespaces whose Secrets' names are known, and those Secrets. */
  secrets: { namespaces: string[]; found: SecretName[] };
  probes: Probe[];
  /** The row that has to be explained, if it is one. */
  row?: Row | undefined;
}

/** Whether a kind's absence means anything: its list could be read. */
export const isKnown = ({ unread }: Facts, kind: string): boolean => !unread.some((one) => one.kind === kind);

/**
 * Whether diagnoses are wanted of the object. Of one that is being deleted, alone or with its namespace, none is, nor of
 * another Gateway than the one that a row asked.
 */
export function inScope({ scope, suite, part, namespaces, row }: Facts, object: KubeObject): boolean {
  const { namespace = '', deletionTimestamp, labels = {} } = object.metadata;
  const asked = row?.of;
  const isLikeAsked = asked?.kind === object.kind && asked.apiVersion === object.apiVersion;
  if (isLikeAsked && !isObject(object, asked)) return false;
  if (deletionTimestamp !== undefined || (scope && !scope.includes(namespace))) return false;
  const { [SUITE_LABEL]: ofSuite = suite, [PART_LABEL]: ofPart = part } = labels;
  if ((suite !== undefined && ofSuite !== suite) || (part !== undefined && ofPart !== part)) return false;
  const around = namespaces.find(({ metadata: { name } }) => name === namespace);
  return around?.metadata.deletionTimestamp === undefined;
}

/** Whether a load balancer's address is in the status of a Service or an Ingress. */
export const hasAddress = ({ status }: Pick<Ingress, 'status'>): boolean =>
  (status?.loadBalancer?.ingress?.length ?? 0) > 0;

/** `shop/web` */
export const nameOf = ({ metadata: { namespace, name } }: KubeObject): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

/** Names in a line, `none` for no names. */
export const listed = (names: string[]): string => names.join(', ') || 'none';

/** Whether labels have everything that a selector asks for; a selector that asks for nothing selects nothing here. */
export function selects(
  selector: Record<string, string> | undefined,
  labels: Record<string, string> = {},
): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
