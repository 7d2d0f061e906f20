import type { Condition } from '../../helpers/kube/objects.ts';
import { Problem } from '../problem.ts';
import { read } from './api.ts';
import type { Cluster } from './connect.ts';
import { contextOption, kubectlOptions, shellWord } from './connection.ts';
import { describeRevisions, istioRevisions } from './istio.ts';
import { Missing } from './missing.ts';

interface GatewayClass {
  metadata: { name: string; generation: number };
  spec: { controllerName: string };
  status?: {
    conditions?: Condition[];
    /** Plain names before v1.2 of Gateway API. */
    supportedFeatures?: (string | { name: string })[];
  };
}

interface AcceptedClass {
  controllerName: string;
  /** Names of the features that its status publishes. */
  features: string[];
}

const ISTIO = 'istio.io/';

/** Whether a controller is one of Istio's. */
export const isIstio = (controllerName: string): boolean => controllerName.startsWith(ISTIO);

/**
 * Finds the GatewayClass and demands that its controller has accepted it in its present generation.
 *
 * @returns what it says of its controller; undefined when the cluster does not know the kind (no Gateway API CRDs)
 * @throws Problem when there is no such class (names those that exist), or it is not accepted (with the
 *   condition's reason and, where the controller is Istio's, the revisions that run)
 * @see https://gateway-api.sigs.k8s.io/api-types/gatewayclass/#gatewayclass-status
 */
export async function checkGatewayClass(cluster: Cluster, name: string): Promise<AcceptedClass | undefined> {
  const { connection } = cluster;
  const asked = `find GatewayClass "${name}" in context "${connection.context}"`;
  const path = '/apis/gateway.networking.k8s.io/v1/gatewayclasses';
  const list = await read<{ items: GatewayClass[] }>(cluster, 'the GatewayClasses', path);
  if (!list) return undefined;
  const found = list.items.find(({ metadata }) => metadata.name === name);
  if (!found) throw await absent(cluster, asked, name, list.items);

  const { controllerName } = found.spec;
  if (isAccepted(found)) return { controllerName, features: publishedBy(found) };
  const accepted = acceptedOf(found);
  throw new Problem({
    asked: `use GatewayClass "${name}" (controller ${controllerName})`,
    got: stateOf(accepted, found.metadata.generation),
    cause:
      accepted?.status === 'False'
        ? `${controllerName} has looked at it and refuses it`
        : await whyUnseen(cluster, controllerName, list.items),
    next: isIstio(controllerName)
      ? `kubectl get deployments --all-namespaces --selector app=istiod ${kubectlOptions(connection)}`
      : `kubectl describe gatewayclass ${name} ${kubectlOptions(connection)}`,
  });
}

/** Accepted, and for the class as it is now. */
function isAccepted(one: GatewayClass): boolean {
  const accepted = acceptedOf(one);
  return accepted?.status === 'True' && accepted.observedGeneration === one.metadata.generation;
}

function publishedBy({ status }: GatewayClass): string[] {
  return (status?.supportedFeatures ?? []).map((each) => (typeof each === 'string' ? each : each.name));
}

function acceptedOf({ status }: GatewayClass): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === 'Accepted');
}

async function absent(
  cluster: Cluster,
  asked: string,
  name: string,
  classes: GatewayClass[],
): Promise<Problem> {
  const option = kubectlOptions(cluster.connection);
  const got = classes.length
    ? `there is none of that name; there are: ${classes.map(named).join(', ')}`
    : 'the cluster has no GatewayClass';
  const other = classes.find(isAccepted);
  const another = other
    ? [`npm test -- ${contextOption(cluster.connection)} --gateway-class ${shellWord(other.metadata.name)}`]
    : [];
  if (name !== 'istio') {
    return new Problem({
      asked,
      got,
      cause: 'the name is mistyped, or the implementation that brings it is not installed',
      next: another[0] ?? `install the implementation, then: kubectl get gatewayclasses ${option}`,
    });
  }
  const [revision, ...more] = await istioRevisions(cluster);
  if (revision) {
    const [namespace, deployment] = revision.deployment.split('/');
    return new Problem({
      asked,
      got,
      cause: `istiod makes that class when it sees the Gateway API CRDs, and has not: revisions ${describeRevisions([revision, ...more])}`,
      next: `kubectl logs deployment/${deployment} --namespace ${namespace} --tail 50 ${option}`,
    });
  }
  return new Missing('istio', {
    asked,
    got,
    cause: 'Istio is not installed: no Deployment has the label app=istiod',
    next: [
      `npm test -- ${contextOption(cluster.connection)} --provision`,
      `istioctl install --set profile=minimal ${option}`,
      ...another,
    ].join(', or: '),
  });
}

/** Why a controller that ought to be there has not looked at its class. */
async function whyUnseen(cluster: Cluster, controllerName: string, classes: GatewayClass[]): Promise<string> {
  const others = classes.filter(isAccepted);
  const handled = others.length ? `; controllers here have accepted ${others.map(named).join(', ')}` : '';
  if (!isIstio(controllerName)) {
    return `no controller in this cluster answers to the name ${controllerName}${handled}`;
  }
  const revisions = await istioRevisions(cluster);
  if (revisions.length === 0)
    return `Istio is not installed: no Deployment has the label app=istiod${handled}`;
  return revisions.some(({ serving }) => serving)
    ? `istiod runs, but does not handle it: revisions ${describeRevisions(revisions)}${handled}`
    : `istiod is not ready: revisions ${describeRevisions(revisions)}`;
}

function named({ metadata, spec }: GatewayClass): string {
  return `${metadata.name} (${spec.controllerName})`;
}

function stateOf(accepted: Condition | undefined, generation: number): string {
  if (!accepted) return 'it has no condition Accepted';
  const { status, reason, message, observedGeneration } = accepted;
  const said = `Accepted is ${status} (${[reason, message].filter(Boolean).join(': ')})`;
  return status === 'True'
    ? `${said}, but for generation ${observedGeneration ?? 'unknown'} of ${generation}: no controller has seen its last change`
    : said;
}
