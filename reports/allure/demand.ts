import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Problem } from '../../cluster/problem.ts';
import { outputs } from '../outputs.ts';
import type { Run } from '../run.ts';
import { readResults } from './complete.ts';
import { statusOf } from './result.ts';

/**
 * A report of half the results looks as good as one of all of them.
 * @param out the run's folder
 * @throws Problem when the folder of results does not have every case of the run once, with its verdict
 */
export function demandResults(run: Run, out: string): void {
  const folder = join(out, outputs.allure);
  const name = relative(process.cwd(), folder);
  const refuse = (got: string, cause: string): never => {
    throw new Problem({
      asked: `build the Allure report of run ${run.id}`,
      got,
      cause,
      next: 'copy the whole folder of the run once more, or make the run anew: npm test',
    });
  };
  if (run.cases.length === 0) refuse('the run has no case', 'it ended before it knew what to run');
  if (!existsSync(folder)) refuse(`there is no ${name}`, `only ${outputs.run} was kept of the run`);
  const found = Map.groupBy(readResults(folder), ({ result }) => result.fullName);
  const all = run.cases.length;
  if (found.size === 0)
    refuse(`${name} has no result`, 'it was emptied, or the run that fills it has not ended');
  const lacking = run.cases.filter(({ id }) => !found.has(id));
  if (lacking.length > 0) {
    refuse(
      `${lacking.length} of the ${all} cases have no result in ${name}, ${lacking[0]?.id} for one`,
      'the folder was cut short on its way, or the run was ended at once',
    );
  }
  const wrong = run.cases.find((one) => {
    const results = found.get(one.id) ?? [];
    return results.length > 1 || results[0]?.result.status !== statusOf(one);
  });
  if (wrong || found.size > all) {
    const what = wrong ? `what it says of ${wrong.id} is not` : `it has ${found.size - all} cases more than`;
    refuse(`${name} is of another run: ${what} what ${outputs.run} says`, 'results of two runs were mixed');
  }
}
