import type { Connection } from './preflight/connection.ts';
import { metallbCommand } from './preflight/metallb.ts';

/** What a node tells of where it runs. */
export interface PlatformNode {
  metadata?: { name: string; labels?: Record<string, string> };
  spec: { providerID?: string };
}

/** Where a cluster runs, as far as its handling of Gateways' addresses differs there. */
export interface Platform {
  name: 'minikube' | 'kind' | 'GKE' | 'EKS';
  /** The label or providerID that tells: `label minikube.k8s.io/name=minikube of node minikube`. */
  sign: string;
}

interface Mark {
  name: Platform['name'];
  /** How the name of a label begins that only this platform puts on its nodes. */
  label?: string;
  /** How the nodes' providerID begins. */
  providerID?: string;
}

/** Labels come first: nodes with `gce://` or `aws://` are not GKE's or EKS's for that alone. */
const MARKS: Mark[] = [
  { name: 'minikube', label: 'minikube.k8s.io/' },
  { name: 'GKE', label: 'cloud.google.com/gke-' },
  { name: 'EKS', label: 'eks.amazonaws.com/' },
  { name: 'kind', providerID: 'kind://' },
];

/** The platform that the nodes are of; undefined when none of them carries a mark of one. */
export function platformOf(nodes: PlatformNode[]): Platform | undefined {
  for (const { name, label, providerID } of MARKS) {
    for (const { metadata, spec } of nodes) {
      const of = `of node ${metadata?.name}`;
      const [key, value] =
        Object.entries(metadata?.labels ?? {}).find(([each]) => label && each.startsWith(label)) ?? [];
      if (key !== undefined) return { name, sign: `label ${key}=${value} ${of}` };
      if (providerID && spec.providerID?.startsWith(providerID))
        return { name, sign: `providerID ${spec.providerID} ${of}` };
    }
  }
  return undefined;
}

/** How Services of type LoadBalancer come to an address where nothing gives them one. */
export function loadBalancerCommand(nodes: PlatformNode[], connection: Connection): string {
  return platformOf(nodes)?.name === 'minikube' ? tunnelCommand(nodes) : metallbCommand(connection);
}

/** @see https://minikube.sigs.k8s.io/docs/commands/tunnel/ */
export function tunnelCommand(nodes: PlatformNode[]): string {
  const profile = nodes.map(({ metadata }) => metadata?.labels?.['minikube.k8s.io/name']).find(Boolean);
  return `minikube tunnel${profile ? ` --profile ${profile}` : ''}, in a terminal of its own, for as long as the addresses are needed`;
}
