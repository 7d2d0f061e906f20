import type { Run } from '../run.ts';
import type { Taken } from './figures.ts';

/** What a run's own account tells of what it took. */
export function takenBy({ cases, sums, cost }: Run): Omit<Taken, 'seconds'> {
  const judged = cases.filter(({ verdict }) => verdict === 'passed' || verdict === 'failed');
  return {
    cases: judged.length,
    failed: sums.failed - (sums.known ?? 0) + sums.notRun,
    requests: judged.reduce((sum, { attempts }) => sum + attempts, 0),
    ...(cost && { apiCalls: cost.apiCalls, cpu: cost.cpuMs / 1_000, memory: cost.memoryMb }),
  };
}
