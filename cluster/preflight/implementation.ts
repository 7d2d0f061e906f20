import { knownController } from '../features/supported.ts';
import { Problem } from '../problem.ts';
import type { Controller } from '../target.ts';
import { Forbidden } from './api.ts';
import type { Cluster } from './connect.ts';
import { kubectlOptions, shellWord } from './connection.ts';
import { checkControlPlane } from './control-plane.ts';
import { isIstio } from './gateway-class.ts';
import { defaultRevision, describeRevisions, type IstioRevision, istioRevisions } from './istio.ts';

export interface Implementation {
  /** `Istio 1.31.0` where the cluster tells; else the name, where it is known, or the controllerName. */
  version: string;
  /** `1.31.0` */
  release?: string;
  /** Its control plane, where that runs in the cluster and is known. */
  controller?: Controller | undefined;
  notes: string[];
}

/**
 * Names the implementation behind an accepted GatewayClass. Of one that is known it also demands that its control plane
 * is ready (a class stays accepted when its controller dies), and of Istio that one takes Gateways without a revision
 * label.
 *
 * @throws Problem when it would leave the suites' Gateways alone
 */
export async function checkImplementation(cluster: Cluster, controllerName: string): Promise<Implementation> {
  const known = knownController(controllerName);
  if (!isIstio(controllerName))
    return known
      ? checkControlPlane(cluster, known.name, known.controller)
      : { version: controllerName, notes: [] };
  const revisions = await istioRevisions(cluster);
  if (revisions.length === 0) {
    return {
      version: controllerName,
      notes: ['istiod does not run in this cluster (an external control plane?): its version is unknown'],
    };
  }
  const said = `revisions ${describeRevisions(revisions)}`;
  let chosen: IstioRevision | undefined;
  try {
    chosen = await defaultRevision(cluster, revisions);
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    return {
      version: `Istio ${revisions.map(({ version }) => version).join(', ')}`,
      notes: [`cannot tell which of Istio's ${said} takes Gateways without a label: ${error.got}`],
    };
  }
  if (!chosen?.serving) throw idle(cluster, said, revisions, chosen);
  return {
    version: `Istio ${chosen.version}`,
    release: chosen.version,
    controller: known?.controller,
    notes:
      revisions.length > 1 ? [`several Istio ${said}; Gateways without a label go to ${chosen.name}`] : [],
  };
}

/** Istio is there, but would leave the suites' Gateways alone. */
function idle(
  { connection }: Cluster,
  got: string,
  [first]: IstioRevision[],
  chosen: IstioRevision | undefined,
): Problem {
  const asked = `find the Istio that serves context "${connection.context}"`;
  if (!chosen) {
    return new Problem({
      asked,
      got,
      cause:
        'no revision is the default one, so Istio ignores every Gateway without the label istio.io/rev: it stays "Waiting for controller"',
      next: `istioctl tag set default --revision ${shellWord(first?.name ?? '')} ${kubectlOptions(connection)}`,
    });
  }
  const [namespace, name] = chosen.deployment.split('/');
  return new Problem({
    asked,
    got,
    cause: 'the GatewayClass was accepted earlier, but no pod of istiod is ready now',
    next: `kubectl describe deployment ${name} --namespace ${namespace} ${kubectlOptions(connection)}`,
  });
}
