import type { Answers } from './api-server.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

export const crdPath = (resource: string): string => `${CRDS}/${resource}.gateway.networking.k8s.io`;

const crd = (resource: string) => ({
  metadata: {
    name: `${resource}.gateway.networking.k8s.io`,
    annotations: {
      'gateway.networking.k8s.io/bundle-version': 'v1.6.3',
      'gateway.networking.k8s.io/channel': 'standard',
    },
  },
  spec: { versions: [{ name: 'v1', served: true }] },
  status: { conditions: [{ type: 'Established', status: 'True' }] },
});

export const GATEWAY_CLASSES = '/apis/gateway.networking.k8s.io/v1/gatewayclasses';

/** What a cluster answers that is well: a cloud's, with the accepted GatewayClass `acme`. */
export const well: Answers = {
  ...Object.fromEntries(
    ['gatewayclasses', 'gateways', 'httproutes'].map((resource) => [crdPath(resource), crd(resource)]),
  ),
  [GATEWAY_CLASSES]: {
    items: [
      {
        metadata: { name: 'acme', generation: 1 },
        spec: { controllerName: 'acme.com/gateway' },
        status: { conditions: [{ type: 'Accepted', status: 'True', observedGeneration: 1 }] },
      },
    ],
  },
  '/api/v1/nodes': {
    items: [
      {
        metadata: { name: 'one' },
        spec: { providerID: 'gce://x' },
        status: {
          conditions: [
            { type: 'Ready', status: 'True' },
            { type: 'MemoryPressure', status: 'False' },
          ],
        },
      },
    ],
  },
  '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices': {
    items: [{ endpoints: [{ conditions: { ready: true } }] }],
  },
  '/api/v1/services': { items: [] },
};
