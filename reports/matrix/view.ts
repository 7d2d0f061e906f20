import { proofText } from '../proof.ts';
import type { CaseResult, Dialect, Run } from '../run.ts';

/** What a cell says of a case in a run. */
type Standing = 'passed' | 'failed' | 'known' | 'skipped' | 'not-run' | 'absent';

const words: Record<Standing, string> = {
  passed: 'passed',
  failed: 'failed',
  known: 'known failure',
  skipped: 'skipped',
  'not-run': 'not run',
  absent: 'not selected',
};

const marks: Record<Standing, string> = {
  passed: '✓',
  failed: '✗',
  known: '✗',
  skipped: '–',
  'not-run': '·',
  absent: '',
};

const dialects: Record<Dialect, string> = {
  'gateway-api': 'Gateway API',
  'istio-api': 'Istio API',
  ingress: 'Ingress',
};

/**
 * What the page is made of: cases by suite file, a column for each run. The template adds marks, and decides nothing.
 * @param runs each once, in the order of the columns
 */
export function matrixView(runs: Run[]) {
  const results = runs.map(({ cases }) => new Map(cases.map((one) => [one.id, one])));
  const known = new Map(runs.flatMap(({ cases }) => cases).map((one) => [one.id, one]));
  const cases = [...known.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const names = namesOf(runs);
  const columns = runs.map((run, at) => ({ ...columnOf(run), name: names[at] ?? run.id }));
  const rows = cases.map((one) =>
    rowOf(
      one,
      columns.map(({ name }, at) => cellOf(name, results[at]?.get(one.id))),
    ),
  );
  const groups = Map.groupBy(rows, ({ group }) => group);
  const areas = [...new Set(rows.map(({ area }) => area))];
  const spoken = [...new Set(rows.map(({ dialect }) => dialect))].filter((each) => each !== '');
  return {
    title: 'Conformance matrix',
    count: rows.length,
    width: columns.length + 1,
    columns,
    areas: areas.toSorted(),
    dialects: spoken.toSorted(),
    groups: [...groups].map(([group, all]) => ({ group, rows: all })),
  };
}

function columnOf({ id, startedAt, target, sums, interrupted }: Run) {
  const { implementation, gatewayApi, kubernetes } = target.versions;
  const { passed, failed, skipped, notRun, known: excused = 0 } = sums;
  const counts = { passed, failed: failed - excused, 'known to fail': excused, skipped, 'not run': notRun };
  return {
    id,
    implementation,
    gatewayApi: `Gateway API ${gatewayApi.version} ${gatewayApi.channel}`,
    kubernetes: `Kubernetes ${kubernetes}`,
    context: target.context,
    at: startedAt.slice(0, 16).replace('T', ' '),
    sums: Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${count} ${what}`)
      .join(', '),
    interrupted: interrupted ?? '',
  };
}

/** What sets each run apart from the others: their versions, and the time where these are the same. */
function namesOf(runs: Run[]): string[] {
  const columns = runs.map(columnOf);
  const facts = (['implementation', 'gatewayApi', 'kubernetes', 'context'] as const).filter(
    (fact) => new Set(columns.map((column) => column[fact])).size > 1,
  );
  const names = columns.map((column) => facts.map((fact) => column[fact]).join(', '));
  return columns.map(({ implementation, at }, index) => {
    const name = names[index] || implementation;
    return columns.length > 1 && names.filter((each) => each === names[index]).length > 1
      ? `${name}, ${at}`
      : name;
  });
}

type Cell = ReturnType<typeof cellOf>;

function rowOf({ id, title, file, dialect, features, official = '' }: CaseResult, cells: Cell[]) {
  const standings = new Set(cells.map(({ standing }) => standing).filter((each) => each !== 'absent'));
  const spoken = dialect ? dialects[dialect] : '';
  return {
    id,
    title,
    area: id.split('/')[0] ?? '',
    group: file.replace(/^suites\//, '').replace(/\.test\.ts$/, ''),
    dialect: spoken,
    features: features.join(', '),
    official,
    standings: [...standings, ...(standings.size > 1 ? ['differs'] : [])].join(' '),
    text: [id, title, spoken, official, ...features, ...cells.map(({ why }) => why)].join(' ').toLowerCase(),
    cells,
  };
}

function cellOf(run: string, one: CaseResult | undefined) {
  const standing = standingOf(one);
  const milestones = Object.entries(one?.milestones ?? {}).toSorted(([, a], [, b]) => a - b);
  const took = one && ['passed', 'failed'].includes(one.verdict) ? seconds(one.durationMs) : '';
  return {
    run,
    standing,
    mark: marks[standing],
    word: words[standing],
    took,
    milestones: milestones.map(([name, time]) => ({ name, time: seconds(time) })),
    proof: one ? (proofText(one) ?? '') : '',
    why: one ? whyOf(one) : '',
  };
}

const whyOf = ({ known, expected, got, cause, reason = '' }: CaseResult): string =>
  expected === undefined
    ? reason
    : [
        ...(known ? [`known: ${known.reason}`] : []),
        `${expected}; got ${got}`,
        `likely cause: ${cause}`,
      ].join('\n');

function standingOf(one: CaseResult | undefined): Standing {
  if (!one) return 'absent';
  return one.known ? 'known' : one.verdict;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
