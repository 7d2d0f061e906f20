/** Where the images of a cluster came from. `unknown`: the cluster was there before us. */
export type ImageSource = 'registry' | 'source' | 'unknown';

/** Channel of the Gateway API CRDs, as their bundle annotation says it. */
export type Channel = 'standard' | 'experimental';

/** What a conformance report says of an implementation of Gateway API; what is not known is absent. */
export interface Implementation {
  organization?: string;
  project?: string;
  url?: string;
  /** A snapshot of it: a release, a tag, a commit. */
  version?: string;
  /** GitHub names, mail addresses or pages of its maintainers. */
  contact?: string[];
  /** How it is set up, where it can be set up in several ways. */
  mode?: string;
}

/** Whether what is tested is Istio, and not merely beside one. */
export const isIstioTarget = ({ versions }: Pick<Target, 'versions'>): boolean =>
  /^istio\b/i.test(versions.implementation);

/** Whom the gateways of an implementation stand on: its control plane. */
export interface Controller {
  /** `istiod` */
  name: string;
  /** Label selector of its Deployments and of their pods. */
  labels: string;
}

/** The cluster the suites run against. Plain data: it travels from the command into vitest's workers. */
export interface Target {
  /** `managed`: the project's own kind cluster. `existing`: a context the user named. */
  kind: 'managed' | 'existing';
  /** Path of the kubeconfig file (or the list of paths, as in KUBECONFIG). */
  kubeconfig: string;
  context: string;
  /** Name of the GatewayClass that the suites' Gateways ask for. */
  gatewayClass: string;
  imageSource: ImageSource;
  versions: {
    kubernetes: string;
    /** Version and channel of the installed Gateway API CRDs. */
    gatewayApi: { version: string; channel: Channel };
    /** Name and version of the implementation behind the GatewayClass, where it tells. */
    implementation: string;
  };
  /** By the names of Gateway API's feature list. */
  features: {
    /** Those that the implementation has. */
    supported: string[];
    /** What says so, as a noun phrase. */
    source: string;
    /** Those that the installed CRDs have no room for. */
    untestable: string[];
  };
  implementation: Implementation;
  /** Absent where it is not known. */
  controller?: Controller | undefined;
}
