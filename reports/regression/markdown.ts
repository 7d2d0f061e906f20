import { tableLine } from '../markdown.ts';
import { type Comparison, kinds } from './comparison.ts';
import { minuteOf, outcomeText, type Row, type Section, sectionsOf, timesText, titles } from './view.ts';

/** The comparison in GitHub's Markdown, for a pull request or the summary of a job. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { old, new: now, versions, differences, sums, outcome } = comparison;
  const counted = kinds.filter((kind) => sums[kind] > 0);
  return [
    '# What changed between two runs',
    '',
    `${outcome.passed ? '✓' : '✗'} **${plain(outcomeText(comparison))}**`,
    '',
    ...table(
      ['', 'old', 'new'],
      [
        ['run', `${old.id}, ${minuteOf(old.startedAt)}`, `${now.id}, ${minuteOf(now.startedAt)}`],
        ...versions.map(({ of, old: was, new: is }) => [of, was, is].map(plain)),
      ],
    ),
    ...(differences.length === 0
      ? []
      : ['What differs beside:', '', ...differences.map((each) => `- ${plain(each)}`), '']),
    `Times: ${plain(timesText(comparison))}.`,
    '',
    ...table(
      ['', 'cases'],
      counted.map((kind) => [titles[kind], String(sums[kind])]),
    ),
    ...sectionsOf(comparison).flatMap(section),
  ].join('\n');
}

function section({ title, rows, counted }: Section): string[] {
  return [
    `## ${title}`,
    '',
    ...(rows.length === 0 ? [] : table(['case', 'before → now', 'what', 'health'], rows.map(cells))),
    ...counted.map(([what, count]) => `- ${count}: ${plain(what.split('\n', 1)[0] ?? '')}`),
    ...(counted.length === 0 ? [] : ['']),
  ];
}

function cells({ id, change, says, link, health = '' }: Row): string[] {
  const what = says.map(([name, text]) => `${name}: ${plain(text)}`);
  return [
    `\`${id}\``,
    plain(change),
    [...what, ...(link ? [`[more](<${encodeURI(link)}>)`] : [])].join('<br>'),
    health,
  ];
}

const table = (head: string[], rows: string[][]): string[] => [
  tableLine(head),
  tableLine(head.map(() => '---')),
  ...rows.map(tableLine),
  '',
];

/** The text as it is: nothing in it is a mark of Markdown or HTML. A pipe is left to the table that it is in. */
const plain = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]<>#~&]/g, '\\$&').replaceAll(/\s*\n\s*/g, '<br>');
