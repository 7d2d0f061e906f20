import type { ReachChoice } from '../../helpers/reach/way.ts';
import { aboutImplementation, supportedFeatures } from '../features/supported.ts';
import { Problem } from '../problem.ts';
import type { Channel, Target } from '../target.ts';
import { type Cluster, connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { checkGatewayApi } from './gateway-api.ts';
import { checkGatewayClass } from './gateway-class.ts';
import { checkImplementation } from './implementation.ts';
import { checkLoadBalancer } from './load-balancer.ts';
import { checkRights } from './rights.ts';

export interface Expected {
  /** Name of the GatewayClass that the suites' Gateways will ask for. */
  gatewayClass: string;
  /** Channel of the CRDs that was asked for; undefined takes whichever is installed. */
  channel?: Channel | undefined;
  /** How the gateways are to be asked; undefined: at their load balancer's address. */
  reach?: ReachChoice | undefined;
}

/** What is known of a cluster. */
type Facts = Pick<Target, 'versions' | 'features' | 'implementation' | 'controller'>;

interface Preflight extends Facts {
  /** What a run should say, though it can go on: features it cannot test, evidence it will lack. */
  notes: string[];
}

/**
 * Finds out, without changing anything, whether the suites can run in the cluster of this connection.
 *
 * @returns versions, features and notes; well below a second after the cluster's first answer
 * @throws Problem, the first in this order: kubeconfig and context, answer (within 5 s), credentials, rights,
 *   Gateway API CRDs, GatewayClass, implementation, load balancer
 */
export async function preflight(connection: Connection, expected: Expected): Promise<Preflight> {
  const cluster = await connect(connection);
  try {
    const { facts, problems, notes } = await runChecks(cluster, expected);
    const [first] = problems;
    if (first || !facts) throw first;
    return { ...facts, notes };
  } finally {
    await cluster.kube.close();
  }
}

interface Outcome {
  /** Undefined when a problem hid a part of them. */
  facts: Facts | undefined;
  problems: Problem[];
  notes: string[];
}

/**
 * Runs all checks of a cluster that answers, as many at once as do not need each other.
 *
 * @returns every problem, in the order that preflight documents
 * @throws whatever is not a Problem
 */
export async function runChecks(
  cluster: Cluster,
  { gatewayClass, channel, reach = 'loadbalancer' }: Expected,
): Promise<Outcome> {
  const implementation = async () => {
    const accepted = await checkGatewayClass(cluster, gatewayClass);
    // undefined: there are no CRDs, which checkGatewayApi says
    if (!accepted) return undefined;
    const { controllerName, features } = accepted;
    const { version, release, controller, notes } = await checkImplementation(cluster, controllerName);
    return {
      version,
      controller,
      notes,
      features: supportedFeatures(controllerName, features, release),
      about: aboutImplementation(controllerName, release),
    };
  };
  const [rights, api, behind, balancer] = await Promise.allSettled([
    checkRights(cluster, reach),
    checkGatewayApi(cluster, channel),
    implementation(),
    checkLoadBalancer(cluster, reach),
  ]);
  const problems = [rights, api, behind, balancer]
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => {
      if (!(reason instanceof Problem)) throw reason;
      return reason;
    });
  const notes = [
    ...valueOf(rights, []),
    ...(api.status === 'fulfilled' ? api.value.notes : []),
    ...(valueOf(behind, undefined)?.notes ?? []),
    ...valueOf(balancer, []),
  ];
  const facts =
    api.status === 'fulfilled' && behind.status === 'fulfilled' && behind.value
      ? {
          versions: {
            kubernetes: cluster.kubernetes,
            gatewayApi: api.value.versions,
            implementation: behind.value.version,
          },
          features: { ...behind.value.features, untestable: api.value.untestable },
          implementation: behind.value.about,
          ...(behind.value.controller && { controller: behind.value.controller }),
        }
      : undefined;
  return { facts, problems, notes };
}

function valueOf<T>(result: PromiseSettledResult<T>, otherwise: T): T {
  return result.status === 'fulfilled' ? result.value : otherwise;
}
