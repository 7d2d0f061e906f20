import { deploymentReady } from '../pods/ready.ts';
import { type Deployment, type Pod, podKind, podsOf } from '../pods/types.ts';
import type { BackendPod } from '../traffic/witness.ts';
import type { Cluster } from './setup.ts';

/** Which of a pod's containers kubectl takes when none is named. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** What cases call an object, by its name and namespace. */
type Called = (name: string, namespace: string) => string;

/**
 * Waits until Deployments are ready.
 * @returns their pods
 * @throws BackendStuck with the pod's own reason as soon as it gives one; WaitTimeout
 */
export async function backendsReady(
  { kube, run }: Cluster,
  deployments: Deployment[],
  called: Called,
  signal: AbortSignal | undefined,
): Promise<BackendPod[]> {
  const pods = await Promise.all(
    deployments.map(async ({ metadata: { name, namespace = '' } }) =>
      (await deploymentReady(kube, { name, namespace }, { timeout: run.timeouts.ready, signal })).map((pod) =>
        backendPod(name, pod, called),
      ),
    ),
  );
  return pods.flat();
}

/** The pods of Deployments as they are at the moment. */
export async function backendsNow(
  { kube }: Cluster,
  deployments: Deployment[],
  called: Called,
): Promise<BackendPod[]> {
  const pods = await Promise.all(
    deployments.map(async (deployment) => {
      const { name, namespace } = deployment.metadata;
      const { items } = await kube.list<Pod>({ ...podKind, namespace, labels: podsOf(deployment) });
      return items.map((pod) => backendPod(name, pod, called));
    }),
  );
  return pods.flat();
}

/** A backend is called by its Deployment. */
function backendPod(deployment: string, { metadata, spec }: Pod, called: Called): BackendPod {
  const { name, namespace = '', annotations } = metadata;
  // a sidecar that is no init container may come first; its injector says which one kubectl is to take
  const container = annotations?.[DEFAULT_CONTAINER] ?? spec.containers[0]?.name ?? '';
  const image = spec.containers.find((each) => each.name === container)?.image;
  const namesItself = image?.includes('/gateway-api/echo-basic:') === true;
  return { backend: called(deployment, namespace), namespace, name, container, namesItself };
}
