import { Problem } from '../problem.ts';
import type { Controller } from '../target.ts';
import { Forbidden, read } from './api.ts';
import type { Cluster } from './connect.ts';
import { kubectlOptions } from './connection.ts';
import type { Implementation } from './implementation.ts';
import { type IstiodDeployment, imageTag } from './istio.ts';

/**
 * The control plane of an implementation, by the labels of its Deployments, with its version by the tag of their image.
 * @param name of the implementation, as people call it
 * @throws Problem when none of its pods is ready: the class stays accepted when its controller dies
 */
export async function checkControlPlane(
  cluster: Cluster,
  name: string,
  controller: Controller,
): Promise<Implementation> {
  const path = `/apis/apps/v1/deployments?labelSelector=${encodeURIComponent(controller.labels)}`;
  const unknown = (why: string) => ({
    version: name,
    notes: [`the version of ${name} is not known: ${why}`],
  });
  try {
    const found = await read<{ items: IstiodDeployment[] }>(
      cluster,
      `the Deployments of ${controller.name}`,
      path,
    );
    const [first] = found?.items ?? [];
    if (!first) return unknown(`no Deployment has the label ${controller.labels}`);
    const serving = found?.items.find(({ status }) => (status.readyReplicas ?? 0) > 0);
    if (!serving) throw idle(cluster, name, first);
    const release = imageTag(serving.spec.template.spec.containers[0]?.image);
    if (release === undefined) return { ...unknown('its image has no tag'), controller };
    return { version: `${name} ${release}`, release, controller, notes: [] };
  } catch (error) {
    if (error instanceof Forbidden) return unknown(error.got);
    throw error;
  }
}

function idle({ connection }: Cluster, of: string, { metadata, spec, status }: IstiodDeployment): Problem {
  const { name, namespace } = metadata;
  return new Problem({
    asked: `find the ${of} that serves context "${connection.context}"`,
    got: `Deployment ${namespace}/${name}: ${status.readyReplicas ?? 0}/${spec.replicas ?? 1} ready`,
    cause: 'the GatewayClass was accepted earlier, but no pod of its controller is ready now',
    next: `kubectl describe deployment ${name} --namespace ${namespace} ${kubectlOptions(connection)}`,
  });
}
