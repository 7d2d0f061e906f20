import { Forbidden } from '../preflight/api.ts';
import { type Cluster, connect } from '../preflight/connect.ts';
import type { Connection } from '../preflight/connection.ts';
import { type Expected, runChecks } from '../preflight/index.ts';
import { findNoLoadBalancer } from '../preflight/load-balancer.ts';
import { metallbProblems } from '../preflight/metallb.ts';
import { Problem } from '../problem.ts';
import { diagnoseAddressFamilies } from './address-families.ts';
import { diagnoseDns } from './dns.ts';
import { diagnoseDualStack } from './dual-stack.ts';
import { type Finding, findingOf } from './finding.ts';
import { diagnoseGateways } from './gateways.ts';
import { diagnoseNodes } from './nodes.ts';
import { diagnosePlatform } from './platform.ts';
import { diagnosePods } from './pods.ts';

export type { Finding };

/** Each looks at one part of a cluster that answers. What it may not read it throws as a Problem. */
const LOOKS: ((cluster: Cluster) => Promise<Finding[]>)[] = [
  diagnoseNodes,
  diagnosePods,
  diagnoseDns,
  async (cluster) => ((await metallbProblems(cluster)) ?? []).map(findingOf),
  async (cluster) =>
    [await findNoLoadBalancer(cluster)]
      .filter((one) => one !== undefined)
      .map(({ problem }) => findingOf(problem)),
  diagnoseAddressFamilies,
  diagnoseDualStack,
  diagnosePlatform,
];

/**
 * Looks for everything that is wrong with a cluster, and changes nothing: what a preflight would refuse (all of
 * it, not only the first), nodes, system pods, DNS, MetalLB, and every gateway, route and Ingress.
 *
 * @returns the findings, causes before their effects; none when the cluster is well. A cluster that does not
 *   answer gives one finding, within 5 s
 */
export async function diagnoseCluster(connection: Connection, expected: Expected): Promise<Finding[]> {
  let cluster: Cluster;
  try {
    cluster = await connect(connection);
  } catch (error) {
    if (error instanceof Problem) return [findingOf(error)];
    throw error;
  }
  try {
    const [looked, { problems }, gateways] = await Promise.all([
      Promise.allSettled(LOOKS.map((look) => look(cluster))),
      runChecks(cluster, expected),
      diagnoseGateways(cluster),
    ]);
    const seen = looked.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    const refused = [
      ...looked.filter(({ status }) => status === 'rejected').map(problemOf),
      ...problems,
      ...gateways.unseen,
    ];
    const unseen = refused.filter((problem) => problem instanceof Forbidden);
    const wrong = refused.filter((problem) => !(problem instanceof Forbidden));
    return withoutRepeats([...seen, ...wrong.map(findingOf), ...gateways.findings, ...hidden(unseen)]);
  } finally {
    await cluster.kube.close();
  }
}

function problemOf(result: PromiseSettledResult<unknown>): Problem {
  const { reason } = result as PromiseRejectedResult;
  if (reason instanceof Problem) return reason;
  throw reason;
}

/** One finding for all that the user may not look at. */
function hidden([first, ...others]: Problem[]): Finding[] {
  if (!first) return [];
  return [
    {
      wrong: 'the user of this context may not see everything that can be wrong',
      evidence: [...new Set([first, ...others].map(({ asked, got }) => `${asked}: ${got}`))],
      next: first.next,
    },
  ];
}

/** Two looks can meet the same thing: MetalLB without a pool is also why a preflight fails. */
function withoutRepeats(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = JSON.stringify(finding);
    return !seen.has(key) && seen.add(key);
  });
}
