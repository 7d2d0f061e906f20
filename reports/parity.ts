import { tableLine } from './markdown.ts';
import type { CaseResult, Dialect, Run, Verdict } from './run.ts';

const columns: Record<Dialect, string> = {
  'gateway-api': 'Gateway API',
  'istio-api': 'Istio API',
  ingress: 'Ingress',
};
const dialects = Object.keys(columns) as Dialect[];

const marks: Record<Verdict, string> = { passed: '✓', failed: '✗', skipped: 'skipped', 'not-run': 'not run' };

/** One row of a scenario, as each dialect has it. */
type Row = Partial<Record<Dialect, CaseResult>>;

/**
 * Lays the rows of the scenarios that ran in several dialects side by side, and says in which the dialects differ: by
 * what is known of them, with the reason, or by their verdicts.
 * @returns Markdown; undefined when the run has no row in two dialects
 */
export function parityTable({ id, cases }: Pick<Run, 'id' | 'cases'>): string | undefined {
  const files = Map.groupBy(
    cases.filter(({ scenario }) => scenario !== undefined),
    ({ file }) => file,
  );
  const sections = [...files]
    .map(([file, all]): [string, [string, Row][]] => [file, rowsOf(all)])
    .filter(([, rows]) => rows.length > 0);
  if (sections.length === 0) return undefined;
  return [
    '# The dialects, row by row',
    '',
    `Run ${id}. ✓: answered as written in the cell; ✗: not.`,
    ...sections.flatMap(([file, rows]) => section(file, rows)),
    '',
  ].join('\n');
}

/** The rows that at least two dialects have, in the order of the cases. */
function rowsOf(cases: CaseResult[]): [string, Row][] {
  const rows = Map.groupBy(cases, ({ scenario }) => scenario?.row ?? '');
  return [...rows]
    .filter(([, same]) => same.length > 1)
    .map(([title, same]) => [title, Object.fromEntries(same.map((one) => [one.dialect, one]))]);
}

function section(file: string, rows: [string, Row][]): string[] {
  const shown = dialects.filter((dialect) => rows.some(([, row]) => row[dialect]));
  const differences = rows.flatMap(([title, row]) => differencesOf(title, row));
  return [
    '',
    `## ${file}`,
    '',
    tableLine(['asked', ...shown.map((dialect) => columns[dialect])]),
    tableLine(['---', ...shown.map(() => '---')]),
    ...rows.map(([title, row]) => tableLine([`\`${title}\``, ...shown.map((dialect) => cell(row[dialect]))])),
    '',
    ...(differences.length === 0 ? ['No difference.'] : ['Differences:', '', ...new Set(differences)]),
  ];
}

const names = (of: Dialect[]): string => of.map((dialect) => columns[dialect]).join(', ');

const cell = (one: CaseResult | undefined): string =>
  one === undefined ? '' : `${marks[one.verdict]} ${one.title.split(' → ').at(-1)}`;

function differencesOf(title: string, row: Row): string[] {
  const known = dialects.flatMap((dialect) => {
    const because = row[dialect]?.scenario?.differs;
    return because === undefined ? [] : [`- \`${title}\`, ${columns[dialect]}: ${because}`];
  });
  const failed = dialects.filter((dialect) => row[dialect]?.verdict === 'failed');
  const passed = dialects.filter((dialect) => row[dialect]?.verdict === 'passed');
  if (failed.length === 0 || passed.length === 0) return known;
  return [...known, `- \`${title}\`: passed in ${names(passed)}, failed in ${names(failed)}`];
}
