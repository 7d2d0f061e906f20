import { styleText } from 'node:util';
import type { Run } from '../run.ts';
import { fieldLines, sumLine } from '../terminal.ts';
import type { Comparison } from './comparison.ts';
import { minuteOf, outcomeText, type Section, sectionsOf, sumsLine, timesText } from './view.ts';

/** The comparison, for a terminal. */
export function comparisonLines(comparison: Comparison): string[] {
  const { old, new: now, versions, differences } = comparison;
  const head: [string, string][] = [
    ['Compared', `${old.id} (${minuteOf(old.startedAt)}) → ${now.id} (${minuteOf(now.startedAt)})`],
    ...versions.map(({ of, old: was, new: is }): [string, string] => [
      of,
      was === is ? was : `${was} → ${is}`,
    ]),
    ...differences.map((each, at): [string, string] => [at === 0 ? 'Differs' : '', each]),
    ['Times', timesText(comparison)],
  ];
  const width = Math.max(...head.map(([name]) => name.length)) + 2;
  return [
    ...head.map(([name, text]) => `${name.padEnd(width)}${text}`),
    '',
    sumsLine(comparison),
    ...sectionsOf(comparison).flatMap(sectionLines),
    '',
    styleText(comparison.outcome.passed ? 'green' : 'red', outcomeText(comparison)),
  ];
}

function sectionLines({ title, rows, counted }: Section): string[] {
  return [
    '',
    styleText('bold', title),
    ...rows.flatMap(({ id, change, health, says, link }) => [
      `  ${id}  ${styleText('dim', [change, ...(health ? [`health ${health}`] : [])].join('  '))}`,
      ...fieldLines(Object.fromEntries([...says, ...(link ? [['link', link] as [string, string]] : [])])),
    ]),
    ...counted.map(([what, count]) => `  ${count}: ${what.split('\n', 1)[0]}`),
  ];
}

/** A line for each run: id, time, verdicts, versions and selection. */
export function historyLines(runs: Run[]): string[] {
  return runs.map((run) => {
    const { id, startedAt, sums, target, filters, interrupted } = run;
    const { implementation, gatewayApi, kubernetes } = target.versions;
    return [
      id,
      minuteOf(startedAt),
      sumLine(run) + (sums.notRun > 0 ? `, ${sums.notRun} not run` : ''),
      `${implementation}, Gateway API ${gatewayApi.version} ${gatewayApi.channel}, Kubernetes ${kubernetes}`,
      target.context,
      filters.join(' ') || 'all cases',
      ...(interrupted ? [`interrupted by ${interrupted}`] : []),
    ].join('\t');
  });
}
