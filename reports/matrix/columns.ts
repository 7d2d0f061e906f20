import { Problem } from '../../cluster/problem.ts';
import type { Run } from '../run.ts';

/** More columns than this are no page to look at. */
const most = 8;

/**
 * Of each target, in each of its versions, the run that tells most: the last one of all cases that was not interrupted,
 * else the last one of some, else the last one. The oldest comes first; of more than eight targets the newest.
 * @param history oldest run first
 * @throws Problem when there is no run
 */
export function columnsOf(history: Run[], file: string): Run[] {
  const runs = [...Map.groupBy(history, targetOf).values()].map(
    (all) => all.findLast(isWhole) ?? all.findLast(isToItsEnd) ?? (all.at(-1) as Run),
  );
  if (runs.length > 0) return runs.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(-most);
  throw new Problem({
    asked: 'make the matrix of the last runs on each target',
    got: `${file} has none`,
    cause: 'every npm test appends its run there, and none was made here',
    next: 'npm test, or name runs: npm run report -- matrix RUN…',
  });
}

const targetOf = ({ target: { kind, context, gatewayClass, versions } }: Run): string =>
  JSON.stringify([kind, context, gatewayClass, versions]);

const isToItsEnd = ({ interrupted }: Run): boolean => interrupted === undefined;
const isWhole = (run: Run): boolean => run.filters.length === 0 && isToItsEnd(run);
