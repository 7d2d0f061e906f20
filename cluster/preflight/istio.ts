import { read } from './api.ts';
import type { Cluster } from './connect.ts';

/** A control plane of Istio in the cluster. */
export interface IstioRevision {
  /** Value of its label istio.io/rev; `default` when it was installed without a revision. */
  name: string;
  version: string;
  /** Namespace/name of its Deployment. */
  deployment: string;
  /** As in 1/1. */
  ready: string;
  serving: boolean;
}

interface List<T> {
  items: T[];
}

/** The fields of istiod's Deployment that tell about its revision. */
export interface IstiodDeployment {
  metadata: { name: string; namespace: string; labels?: Record<string, string> };
  spec: { replicas?: number; template: { spec: { containers: { image: string }[] } } };
  status: { readyReplicas?: number };
}

interface Webhook {
  metadata: { name: string; labels?: Record<string, string> };
}

/** Label selector of the Deployments that are control planes. */
export const ISTIOD = 'app=istiod';

/** Finds Istio's control planes, in all namespaces. @throws Problem when the user may not list Deployments */
export async function istioRevisions(cluster: Cluster): Promise<IstioRevision[]> {
  const path = `/apis/apps/v1/deployments?labelSelector=${encodeURIComponent(ISTIOD)}`;
  const found = await read<List<IstiodDeployment>>(cluster, 'the Deployments of istiod', path);
  return revisionsOf(found?.items ?? []);
}

/** The control planes that Deployments of istiod are. */
export function revisionsOf(deployments: IstiodDeployment[]): IstioRevision[] {
  return deployments.map(({ metadata, spec, status }) => {
    const ready = status.readyReplicas ?? 0;
    return {
      name: metadata.labels?.['istio.io/rev'] ?? 'default',
      version:
        imageTag(spec.template.spec.containers[0]?.image) ??
        metadata.labels?.['app.kubernetes.io/version'] ??
        'unknown',
      deployment: `${metadata.namespace}/${metadata.name}`,
      ready: `${ready}/${spec.replicas ?? 1}`,
      serving: ready > 0,
    };
  });
}

/** `default 1.31.0 (istio-system/istiod, 1/1 ready), canary …` */
export function describeRevisions(revisions: IstioRevision[]): string {
  return revisions
    .map(({ name, version, deployment, ready }) => `${name} ${version} (${deployment}, ${ready} ready)`)
    .join(', ');
}

/**
 * Finds the revision that takes Gateways which carry no istio.io/rev label, on themselves or their namespace.
 * A revision called default does; else the one that the tag `default` points to; else the default revision.
 *
 * @returns undefined when no revision does: such Gateways stay "Waiting for controller"
 * @see https://github.com/istio/istio/issues/56767
 */
export async function defaultRevision(
  cluster: Cluster,
  revisions: IstioRevision[],
): Promise<IstioRevision | undefined> {
  const plain = revisions.find(({ name }) => name === 'default');
  if (plain) return plain;
  const base = '/apis/admissionregistration.k8s.io/v1';
  const [tags, validator] = await Promise.all([
    read<List<Webhook>>(
      cluster,
      'the revision tags of Istio',
      `${base}/mutatingwebhookconfigurations?labelSelector=istio.io%2Ftag%3Ddefault`,
    ),
    read<Webhook>(
      cluster,
      'the default revision of Istio',
      `${base}/validatingwebhookconfigurations/istiod-default-validator`,
    ),
  ]);
  const named = (tags?.items[0] ?? validator)?.metadata.labels?.['istio.io/rev'];
  return revisions.find(({ name }) => name === named);
}

/** The tag of an image reference; undefined where it has none (a digest, or nothing). */
export function imageTag(image = ''): string | undefined {
  return /:([\w.-]+)$/.exec(image.replace(/@.*$/, '').split('/').at(-1) ?? '')?.[1];
}
