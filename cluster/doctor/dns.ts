import { read } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';
import { kubectlOptions } from '../preflight/connection.ts';
import type { Finding } from './finding.ts';

interface EndpointSlice {
  endpoints?: { conditions?: { ready?: boolean } }[] | null;
}

/** Where distributions keep the Service that pods ask for names. */
const SERVICES = [
  { namespace: 'kube-system', name: 'kube-dns' },
  { namespace: 'openshift-dns', name: 'dns-default' },
];

/**
 * Whether the cluster's name service has a pod that answers; without it no gateway finds its control plane or
 * a backend.
 * @throws Problem when it cannot be read
 */
export async function diagnoseDns(cluster: Cluster): Promise<Finding[]> {
  const found = await Promise.all(
    SERVICES.map(async (service) => {
      const { namespace, name } = service;
      const slices = await read<{ items: EndpointSlice[] }>(
        cluster,
        `the endpoints of Service ${namespace}/${name}`,
        `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D${name}`,
      );
      return { ...service, endpoints: slices?.items.flatMap(({ endpoints }) => endpoints ?? []) ?? [] };
    }),
  );
  // ready: undefined counts as ready, says the API
  if (found.some(({ endpoints }) => endpoints.some(({ conditions }) => conditions?.ready !== false)))
    return [];
  const named = found.find(({ endpoints }) => endpoints.length > 0) ?? found[0];
  return [
    {
      wrong: 'names do not resolve in the cluster',
      evidence: [
        named?.endpoints.length
          ? `none of the ${named.endpoints.length} endpoints of Service ${named.namespace}/${named.name} is ready`
          : `no endpoints at ${SERVICES.map(({ namespace, name }) => `Service ${namespace}/${name}`).join(' or ')}`,
      ],
      next: `kubectl describe pods --namespace ${named?.namespace} --selector k8s-app=kube-dns ${kubectlOptions(cluster.connection)}`,
    },
  ];
}
