import type { Change, Finding, TargetFindings } from './night.ts';

/** How many findings of a target are told with all they say, and how many changes by name; the others are counted. */
const [inFull, byName] = [5, 40];

/** Characters of one text. */
const longest = 400;

/**
 * What is wrong on which target, in GitHub's Markdown. What there is no room for is counted.
 * @param room characters for all that is told of findings; headings come on top
 */
export function issueBody(targets: TargetFindings[], link: string, room: number): string {
  const bad = targets.filter(({ findings }) => findings.length > 0);
  const well = targets.filter(({ findings }) => findings.length === 0);
  return [
    `Found by the nightly run ${link}, whose summaries have what changed. The nightly writes this text anew, and closes the issue when all targets are well.`,
    '',
    ...bad.flatMap((each) => section(each, room / bad.length)),
    ...(well.length === 0
      ? []
      : [`Nothing wrong on ${well.map(({ target }) => target.name).join(', ')}.`, '']),
  ].join('\n');
}

/** A heading and the findings by name; nothing when there is none. */
export function listOf(title: string, changes: Change[]): string[] {
  if (changes.length === 0) return [];
  const told = changes.slice(0, byName).map(({ target, id }) => `- \`${id}\` on ${target}`);
  return [`**${title}**\n`, ...told, ...rest(changes.length - told.length), ''];
}

function section({ target, about, findings }: TargetFindings, space: number): string[] {
  const lines: string[] = [];
  let left = space;
  let told = 0;
  for (const finding of findings) {
    const next = told < inFull ? full(finding) : [`- \`${finding.id}\``];
    left -= next.join('\n').length + 1;
    if (left < 0) break;
    lines.push(...next);
    told++;
  }
  return [
    `### ${target.name}`,
    '',
    ...(about === undefined ? [] : [about, '']),
    ...lines,
    ...rest(findings.length - told),
    '',
  ];
}

const full = ({ id, says }: Finding): string[] => [
  `- \`${id}\``,
  '  ```text',
  ...says.flatMap(([name, text]) => textLines(`${name}: ${text}`)),
  '  ```',
];

/** What a cluster says is text: in a fence that it cannot end, where nothing in it is a mention or a mark. */
const textLines = (text: string): string[] => {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return short
    .replaceAll('```', "'''")
    .split('\n')
    .map((line) => `  ${line}`);
};

const rest = (count: number): string[] => (count > 0 ? [`- and ${count} more`] : []);
