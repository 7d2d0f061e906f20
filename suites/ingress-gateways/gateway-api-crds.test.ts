import { about, test } from '../../helpers/test.ts';

const facts = about({ dialect: 'gateway-api', features: ['Gateway', 'HTTPRoute'] });

const kinds = ['gatewayclasses', 'gateways', 'httproutes', 'referencegrants'];

for (const kind of kinds) {
  test(
    `the CRD of ${kind} is there, established, and of one version and channel with the others`,
    facts,
    async ({ cluster: { kube, target }, expect }) => {
      const { version, channel } = target.versions.gatewayApi;
      const crd = await kube.get({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: `${kind}.gateway.networking.k8s.io`,
      });
      expect(crd, 'the CRD is of the version and channel that the other ones have').toMatchObject({
        metadata: {
          annotations: {
            'gateway.networking.k8s.io/bundle-version': version,
            'gateway.networking.k8s.io/channel': channel,
          },
        },
        spec: { versions: expect.arrayContaining([expect.objectContaining({ name: 'v1', served: true })]) },
        status: {
          conditions: expect.arrayContaining([
            expect.objectContaining({ type: 'Established', status: 'True' }),
          ]),
        },
      });
    },
  );
}
