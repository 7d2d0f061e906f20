import { Kube } from '../helpers/kube/client.ts';
import type { KubeObject } from '../helpers/kube/objects.ts';
import type { Engine } from './engine/engine.ts';
import { nodeImage } from './images/node.ts';
import { istioNamespace } from './istio/install.ts';
import { connection, hasKubeconfig, nodeState } from './kind/kind.ts';
import { metallbNamespace } from './metallb/install.ts';
import type { ImageSource } from './target.ts';

/** Which parts of the managed cluster stand. */
export interface Parts {
  cluster: boolean;
  metallb: boolean;
  gatewayApi: boolean;
  istio: boolean;
}

const nothing: Parts = { cluster: false, metallb: false, gatewayApi: false, istio: false };

/** Milliseconds after which an API server that does not answer counts as away. */
const answersWithin = 3_000;

/** Looks at what stands of the managed cluster; changes nothing, and never throws for what is missing. */
export async function standing(engine: Engine, imageSource: ImageSource): Promise<Parts> {
  const node = await nodeState(engine);
  if (!node?.running || !(await hasKubeconfig())) return nothing;
  if (imageSource === 'source' && node.image !== (await nodeImage())) return nothing;
  const kube = new Kube(connection, answersWithin);
  try {
    await kube.send('GET', '/readyz');
    const [pools, metallb, crd, istiod] = await Promise.all([
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
    ]);
    return {
      cluster: true,
      metallb: metallb && (pools?.items.length ?? 0) > 0,
      gatewayApi: crd !== undefined,
      istio: istiod,
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
