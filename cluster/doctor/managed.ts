import { diskSpace } from '../disk.ts';
import { answeringEngine } from '../engine/find.ts';
import { gatewayClass } from '../istio/install.ts';
import { connection, nodeState } from '../kind/kind.ts';
import { Problem } from '../problem.ts';
import { type Finding, findingOf } from './finding.ts';
import { diagnoseCluster } from './index.ts';

/** Gigabytes below which a kubelet starts to evict pods from a node that shares the disk. */
const tooLittle = 2;

/**
 * Looks for everything that is wrong with the managed cluster, from the engine up; starts and changes nothing.
 * @returns the findings, causes before their effects; none when the cluster is well
 */
export async function diagnoseManaged(): Promise<Finding[]> {
  const findings: Finding[] = [];
  const up = 'npm run cluster -- up';
  try {
    await diskSpace(tooLittle, 'run the managed kind cluster');
    const engine = await answeringEngine();
    if (!engine)
      return [
        {
          wrong: 'no container engine answers',
          evidence: ['Docker, Podman, private engine: none'],
          next: up,
        },
      ];
    const node = await nodeState(engine);
    if (!node) return [{ wrong: 'there is no managed kind cluster', evidence: [engine.line], next: up }];
    if (!node.running)
      findings.push({
        wrong: 'the kind node does not run',
        evidence: [`image ${node.image} on ${engine.line}`],
        next: up,
      });
    else findings.push(...(await diagnoseCluster(connection, { gatewayClass })));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    findings.push(findingOf(error));
  }
  return findings;
}
