import { Kube } from '../helpers/kube/client.ts';
import type { KubeObject } from '../helpers/kube/objects.ts';
import { met, waitFor } from '../helpers/kube/wait.ts';
import type { Engine } from './engine/engine.ts';
import { nodeImage } from './images/node.ts';
import { ingressGateway, istioNamespace, istioRecipe } from './istio/install.ts';
import { nodeRecipe } from './kind/config.ts';
import { connection, hasKubeconfig, nodeState } from './kind/kind.ts';
import { metallbNamespace } from './metallb/install.ts';
import { readState } from './state.ts';

/** Which parts of the managed cluster stand. */
export interface Parts {
  cluster: boolean;
  metallb: boolean;
  gatewayApi: boolean;
  istio: boolean;
}

/** No part stands. */
export const nothing: Parts = { cluster: false, metallb: false, gatewayApi: false, istio: false };

/** Milliseconds one request may take before it is asked again. */
const requestWithin = 3_000;

/**
 * Looks at what stands of the managed cluster; changes nothing, and never throws for what is missing.
 * A node of another image or configuration counts as none, and so does one that was started again since it was
 * set up: its pods are gone, and its API server tells of them as they were.
 * @param patience milliseconds to wait for an API server that does not answer at once
 */
export async function standing(engine: Engine, patience: number): Promise<Parts> {
  const node = await nodeState(engine);
  const { imageSource, nodeStartedAt, node: madeWith, istio } = readState();
  if (!node?.running || node.startedAt !== nodeStartedAt || !(await hasKubeconfig())) return nothing;
  if (madeWith !== nodeRecipe(imageSource)) return nothing;
  if (imageSource === 'source' && node.image !== (await nodeImage())) return nothing;
  const kube = new Kube(connection, requestWithin);
  try {
    await waitFor(
      kube,
      { apiVersion: 'v1', kind: 'Node' },
      { until: 'to be listed', timeout: patience, check: met },
    );
    const [pools, metallb, crd, istiod, ingress, recipe] = await Promise.all([
      kube
        .list({ apiVersion: 'metallb.io/v1beta1', kind: 'IPAddressPool', namespace: metallbNamespace })
        .catch(() => undefined),
      available(kube, metallbNamespace, 'controller'),
      kube.get({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: 'gateways.gateway.networking.k8s.io',
      }),
      available(kube, istioNamespace, 'istiod'),
      available(kube, istioNamespace, ingressGateway),
      istioRecipe(connection, imageSource),
    ]);
    return {
      cluster: true,
      metallb: metallb && (pools?.items.length ?? 0) > 0,
      gatewayApi: crd !== undefined,
      istio: istiod && ingress && istio === String(recipe),
    };
  } catch {
    return nothing;
  } finally {
    await kube.close();
  }
}

async function available(kube: Kube, namespace: string, name: string): Promise<boolean> {
  const deployment = await kube.get<KubeObject & { status?: { availableReplicas?: number } }>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace,
    name,
  });
  return (deployment?.status?.availableReplicas ?? 0) > 0;
}
