import { read } from '../preflight/api.ts';
import type { Cluster } from '../preflight/connect.ts';
import { kubectlOptions } from '../preflight/connection.ts';
import type { Finding } from './finding.ts';

interface Service {
  metadata: { name: string; namespace: string };
  spec: { type: string; loadBalancerClass?: string };
  status: { loadBalancer?: { ingress?: unknown[] } };
}

interface Event {
  type: string;
  reason: string;
  message: string;
  source?: { component?: string };
  reportingComponent?: string;
}

/** Services of type LoadBalancer without an address, each with what its events say. @throws Problem */
export async function diagnoseServices(cluster: Cluster): Promise<Finding[]> {
  const services = await read<{ items: Service[] }>(cluster, 'the Services', '/api/v1/services');
  const pending = (services?.items ?? []).filter(
    ({ spec, status }) => spec.type === 'LoadBalancer' && !status.loadBalancer?.ingress?.length,
  );
  return Promise.all(pending.map((service) => findingFor(cluster, service)));
}

async function findingFor(cluster: Cluster, { metadata, spec }: Service): Promise<Finding> {
  const { name, namespace } = metadata;
  const selector = encodeURIComponent(`involvedObject.kind=Service,involvedObject.name=${name}`);
  const events = await read<{ items: Event[] }>(
    cluster,
    `the events of Service ${namespace}/${name}`,
    `/api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`,
  );
  const said = (events?.items ?? []).map(
    ({ reason, message, source, reportingComponent }) =>
      `${reason} (${source?.component || reportingComponent || 'unknown'}): ${message}`,
  );
  const asks = spec.loadBalancerClass
    ? [`it asks for the load balancer class ${spec.loadBalancerClass}`]
    : [];
  return {
    wrong: `Service ${namespace}/${name} waits for a load balancer address`,
    evidence: [...asks, ...(said.length > 0 ? said : ['no event: nothing in the cluster has taken it up'])],
    next: `kubectl describe service ${name} --namespace ${namespace} ${kubectlOptions(cluster.connection)}`,
  };
}
