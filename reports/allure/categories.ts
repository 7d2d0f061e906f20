import type { FullConfig } from '@allurereport/core';
import type { Run } from '../run.ts';
import { judged } from './result.ts';

type Rules = Exclude<NonNullable<FullConfig['categories']>, false | { rules: unknown }>;

/**
 * The groups that cases which are not well stand in, each in the first that it fits: what is known, what was not
 * judged, each cause that the cluster's objects told, and what nothing explains. Where messages tell more than the group
 * they part it: a name of a namespace is in most.
 */
export function categoriesOf({ cases }: Pick<Run, 'cases'>): Rules {
  const causes = new Set(
    cases.flatMap(({ known, diagnosis }) => (known || !diagnosis ? [] : [diagnosis.id])),
  );
  const alone = { groupByMessage: false };
  return [
    { name: 'Known failures', matchers: { labels: { judged: judged.known } }, ...alone },
    { name: 'Not judged', matchers: { labels: { judged: judged.not } } },
    ...[...causes].toSorted().map((cause) => ({ name: cause, matchers: { labels: { cause } }, ...alone })),
    { name: "No cause in the cluster's objects", matchers: { labels: { judged: judged.answers } }, ...alone },
    { name: 'Broken: nothing explains it', matchers: { labels: { judged: judged.broken } } },
    { name: 'Skipped', matchers: { statuses: ['skipped'] } },
  ];
}
