import type { Condition, Kind, KubeObject } from '../kube/objects.ts';

export const gatewayKind: Kind = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' };
export const httpRouteKind: Kind = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' };
export const gatewayClassKind: Kind = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass' };
export const backendTlsPolicyKind: Kind = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'BackendTLSPolicy',
};

/** Every object that a controller makes for a Gateway carries it, with the Gateway's name (GEP-1762). */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** What a Gateway's listener refers to: a Secret, unless it says otherwise. */
interface CertificateRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
}

interface Listener {
  name: string;
  port: number;
  protocol: string;
  hostname?: string;
  tls?: { mode?: string; certificateRefs?: CertificateRef[] };
  allowedRoutes?: { namespaces?: { from?: string; selector?: object }; kinds?: object[] };
}

interface ListenerStatus {
  name: string;
  attachedRoutes: number;
  supportedKinds?: { group?: string; kind: string }[];
  conditions: Condition[];
}

/** The fields of a GatewayClass that helpers read. */
export interface GatewayClassObject extends KubeObject {
  spec: { controllerName: string };
  status?: { conditions?: Condition[] };
}

/** The fields of a Gateway that helpers read. */
export interface GatewayObject extends KubeObject {
  spec: { gatewayClassName: string; listeners: Listener[] };
  status?: {
    addresses?: { type?: string; value: string }[];
    conditions?: Condition[];
    listeners?: ListenerStatus[];
  };
}

export interface ParentRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  sectionName?: string;
  port?: number;
}

/** The fields that all kinds of routes share. */
export interface RouteObject extends KubeObject {
  spec: { parentRefs?: ParentRef[]; hostnames?: string[] };
  status?: { parents?: { parentRef: ParentRef; controllerName: string; conditions?: Condition[] }[] };
}

/** The fields that all policies of Gateway API share (GEP-713). */
export interface PolicyObject extends KubeObject {
  status?: { ancestors?: { ancestorRef: ParentRef; controllerName: string; conditions?: Condition[] }[] };
}
