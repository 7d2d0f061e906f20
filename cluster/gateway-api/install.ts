import { applyAll } from '../../helpers/kube/apply.ts';
import { Kube } from '../../helpers/kube/client.ts';
import type { Condition, KubeObject } from '../../helpers/kube/objects.ts';
import { met, missing, waitFor } from '../../helpers/kube/wait.ts';
import { pins } from '../pins.ts';
import type { Channel, Target } from '../target.ts';
import { upstreamManifests } from '../upstream.ts';

const version = pins.gatewayApi;
const establishedWithin = 30_000;

/**
 * Installs the pinned Gateway API CRDs of a channel; settles when the API server serves all of them.
 * Call it only where none are present: it neither downgrades nor switches channels.
 * @throws Problem when the manifests cannot be fetched or the API server refuses them
 */
export async function installGatewayApi({
  kubeconfig,
  context,
  channel = 'experimental',
}: Pick<Target, 'kubeconfig' | 'context'> & { channel?: Channel | undefined }): Promise<void> {
  const manifests = await upstreamManifests({
    module: 'sigs.k8s.io/gateway-api',
    files: `config/crd/${channel}/gateway.networking*.yaml`,
    url: `https://github.com/kubernetes-sigs/gateway-api/releases/download/${version}/${channel}-install.yaml`,
  });
  const kube = new Kube({ kubeconfig, context });
  const crds = manifests.filter(({ object }) => object.kind === 'CustomResourceDefinition');
  await applyAll(kube, manifests);
  const names = new Set(crds.map(({ object }) => object.metadata.name));
  await waitFor(
    kube,
    { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    {
      until: 'to be established',
      timeout: establishedWithin,
      check: (found) => {
        const open = [...names].filter(
          (name) => !found.some((crd) => crd.metadata.name === name && established(crd)),
        );
        return open.length === 0 ? met(undefined) : missing(open.join(', '));
      },
    },
  );
  await kube.close();
}

const established = (crd: KubeObject) =>
  (crd.status as { conditions?: Condition[] } | undefined)?.conditions?.some(
    ({ type, status }) => type === 'Established' && status === 'True',
  );
