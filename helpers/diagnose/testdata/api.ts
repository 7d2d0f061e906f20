import { kubeconfigFor, type Serving, serveApi } from '../../../cluster/preflight/testdata/api-server.ts';
import { Kube } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import type { Facts } from '../facts.ts';

/** Resources by the group version that has them. */
const resources: Record<string, Record<string, string>> = {
  'api/v1': {
    Service: 'services',
    Pod: 'pods',
    Event: 'events',
    Namespace: 'namespaces',
    Node: 'nodes',
  },
  'apis/apps/v1': { Deployment: 'deployments' },
  'apis/discovery.k8s.io/v1': { EndpointSlice: 'endpointslices' },
  'apis/networking.k8s.io/v1': { Ingress: 'ingresses', IngressClass: 'ingressclasses' },
  'apis/networking.istio.io/v1': { Gateway: 'gateways', VirtualService: 'virtualservices' },
  'apis/gateway.networking.k8s.io/v1': {
    GatewayClass: 'gatewayclasses',
    Gateway: 'gateways',
    HTTPRoute: 'httproutes',
  },
  'apis/gateway.networking.k8s.io/v1beta1': { ReferenceGrant: 'referencegrants' },
  'apis/admissionregistration.k8s.io/v1': {
    MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
    ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
  },
};
const clusterScoped = /^(Namespace|Node|GatewayClass|IngressClass|\w+WebhookConfiguration)$/;

/** What an API server answers that has the objects of these facts. */
export function answersOf(facts: Facts): Record<string, unknown> {
  const objects = Object.values(facts)
    .flat()
    .filter((one): one is KubeObject => typeof one === 'object' && one !== null && 'metadata' in one);
  const names = facts.namespaces.map(({ metadata }) => metadata.name);
  const answers: Record<string, unknown> = {};
  for (const [version, kinds] of Object.entries(resources)) {
    const listed = Object.entries(kinds);
    answers[`/${version}`] = {
      resources: listed.map(([kind, name]) => ({ kind, name, namespaced: !clusterScoped.test(kind) })),
    };
    for (const [kind, name] of listed) {
      const all = objects.filter(
        (one) => one.kind === kind && one.apiVersion === version.replace(/^apis?\//, ''),
      );
      answers[`/${version}/${name}`] = list(all);
      for (const namespace of names) {
        const here = all.filter(({ metadata }) => metadata.namespace === namespace);
        answers[`/${version}/namespaces/${namespace}/${name}`] = list(here);
        for (const one of here)
          answers[`/${version}/namespaces/${namespace}/${name}/${one.metadata.name}`] = one;
      }
    }
  }
  for (const namespace of names) {
    const here = facts.secrets.found.filter((one) => one.namespace === namespace);
    answers[`/api/v1/namespaces/${namespace}/secrets`] = {
      rows: here.map(({ name, type }) => ({ cells: [name, type, 1, '1s'] })),
    };
  }
  return answers;
}

const list = (items: KubeObject[]) => ({ items, metadata: { resourceVersion: '7' } });

/** A server that has the objects of these facts, and answers some paths otherwise. */
export async function factsApi(
  facts: Facts,
  otherwise: Record<string, unknown> = {},
): Promise<Serving & { kube: Kube }> {
  const api = await serveApi({ ...answersOf(facts), ...otherwise });
  const kube = new Kube(kubeconfigFor(api.url), 2_000);
  return {
    ...api,
    kube,
    [Symbol.asyncDispose]: async () => {
      await kube.close();
      await api[Symbol.asyncDispose]();
    },
  };
}
