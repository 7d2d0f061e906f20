import type { KubeObject, Ref } from '../kube/objects.ts';

/** Ids of the causes, causes before their effects; stable: reports group by them. docs/troubleshooting.md lists them. */
export const causes = [
  'gateway-class-unknown',
  'gateway-class-not-accepted',
  'revision-mismatch',
  'ingress-class-unknown',
  'ingress-without-class',
  'ingress-class-not-served',
  'selector-mismatch',
  'certificate-not-granted',
  'certificate-elsewhere',
  'certificate-missing',
  'certificate-invalid',
  'listeners-conflict',
  'gateways-overlap',
  'ingress-overlaps-gateway',
  'ingresses-overlap',
  'port-not-exposed',
  'gateway-refused',
  'gateway-cannot-start',
  'gateway-without-room',
  'gateway-not-ready',
  'load-balancer-refuses',
  'load-balancer-class-unknown',
  'load-balancer-silent',
  'load-balancer-missing',
  'ingress-without-address',
  'gateway-waits-for-controller',
  'gateway-not-programmed',
  'load-balancer-unreachable',
  'port-refused',
  'address-unknown-to-dns',
  'address-unreachable',
  'sni-missing',
  'sni-mismatch',
  'parent-unknown',
  'virtual-service-gateway-unknown',
  'virtual-service-host-mismatch',
  'route-waits-for-controller',
  'route-not-allowed',
  'hostname-mismatch',
  'listener-unknown',
  'route-refused',
  'backend-not-granted',
  'backend-missing',
  'backend-port-unknown',
  'backend-without-endpoints',
] as const;

/** How a fault shows; decides which diagnoses can explain a row that came out wrong, or a status. */
export type Symptom =
  /** No connection opens: no address, nothing listens, no way there. */
  | 'no-connection'
  /** A connection opened, and was ended without an answer. */
  | 'cut'
  /** The gateway itself says 404. */
  | 'not-found'
  /** The gateway itself says 500, 502, 503 or 504. */
  | 'no-backend'
  /** Another one answers than should. */
  | 'stranger'
  /** A status does not say what it should. */
  | 'status';

/** What is wrong, as far as the cluster's objects tell. It explains a failure and never decides a verdict. */
export interface Diagnosis {
  cause: (typeof causes)[number];
  /** The cause in one sentence. */
  says: string;
  /** What it rests on, a line each. */
  evidence: string[];
  /** The command that mends or proves it. */
  next: string;
  /** The object at fault. */
  about: Ref;
  /** The one of a Gateway's listeners that it is about, where it is about one. */
  listener?: string;
  shows: Symptom[];
}

/** Whether a cause was found in the object already: what else is wrong with it may be an effect. */
export const isTold = (before: Diagnosis[], { kind, metadata: { namespace, name } }: KubeObject): boolean =>
  before.some(({ about }) => about.kind === kind && about.namespace === namespace && about.name === name);
