import type { Condition, Kind, KubeObject } from '../../helpers/kube/objects.ts';
import { about, test } from '../../helpers/test.ts';

const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const crdKind: Kind = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

interface Definition extends KubeObject {
  spec: { versions: { name: string; served: boolean }[] };
  status?: { conditions?: Condition[] };
}

const kinds = ['gatewayclasses', 'gateways', 'httproutes', 'referencegrants'];

for (const kind of kinds) {
  test(
    `the CRD of ${kind} is there, established, and of one version and channel with the others`,
    facts,
    async ({ scene, target, expect }) => {
      const crd = scene.reading({ ...crdKind, name: `${kind}.gateway.networking.k8s.io` }, tell);
      await expect(crd).toTell({ ...target.versions.gatewayApi, served: true, established: 'True' });
    },
  );
}

function tell(object: KubeObject): object {
  const { metadata, spec, status } = object as Definition;
  return {
    version: metadata.annotations?.['gateway.networking.k8s.io/bundle-version'],
    channel: metadata.annotations?.['gateway.networking.k8s.io/channel'],
    served: spec.versions.find(({ name }) => name === 'v1')?.served,
    established: status?.conditions?.find(({ type }) => type === 'Established')?.status,
  };
}
