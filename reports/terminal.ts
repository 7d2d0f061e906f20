import { dirname, join } from 'node:path';
import { styleText } from 'node:util';
import type { Reach } from '../helpers/reach/way.ts';
import type { conformanceReport } from './conformance/report.ts';
import { outputs } from './outputs.ts';
import type { KnownCase, outdatedIn } from './regression/known-failures.ts';
import type { CaseResult, Run, Verdict } from './run.ts';

const marks: Record<Verdict, string> = {
  passed: styleText('green', '✓'),
  failed: styleText('red', '✗'),
  skipped: styleText('yellow', '-'),
  'not-run': styleText('magenta', '·'),
};

/**
 * `✓ ingress-gateways/any-host/answers-any-host  3.2 s`; the reason follows what was skipped or not run, or is known to
 * fail; what was proved follows the time.
 */
export function caseLine({ id, verdict, durationMs, reason, known, proof }: CaseResult): string {
  const faults = proof ? `, noticed ${proof.noticed} of ${proof.applied} faults` : '';
  const took = styleText('dim', `${seconds(durationMs)}${faults}`);
  switch (verdict) {
    case 'passed':
      return `${marks.passed} ${id}  ${took}`;
    case 'failed':
      return `${marks.failed} ${id}  ${took}${known ? `  known: ${known.reason}` : ''}`;
    case 'skipped':
    case 'not-run':
      return `${marks[verdict]} ${id}  ${verdict === 'skipped' ? 'skipped' : 'not run'}: ${firstLine(reason)}`;
  }
}

/** What the run is about to test. */
export function targetLines({ id, target, sums, shard, cases }: Run): string[] {
  const { kubernetes, gatewayApi, implementation } = target.versions;
  const files = new Set(cases.map(({ file }) => file)).size;
  const part = shard ? `, shard ${shard.index}/${shard.count} of ${shard.selected} cases` : '';
  const images = target.imageSource === 'unknown' ? '' : `, images from ${target.imageSource}`;
  return [
    `Target     context ${target.context} (${target.kind} cluster), Kubernetes ${kubernetes}${images}`,
    `           Gateway API ${gatewayApi.version} ${gatewayApi.channel}, GatewayClass ${target.gatewayClass}: ${implementation}`,
    `Features   ${target.features.supported.length}: ${target.features.source}`,
    `Run        ${id}: ${sums.selected} cases in ${files} files${part}`,
  ];
}

/** How its gateways are asked: `Reach      nodeport: it was asked for`. */
export const reachLine = ({ way, why }: Reach): string => `Reach      ${way}: ${why}`;

/**
 * What was found: failures, what is known to fail, and the conformance report.
 * @param folder that the reports are in
 */
export function findingLines(
  run: Run,
  {
    folder,
    outdated,
    conformance,
  }: {
    folder: string;
    outdated: ReturnType<typeof outdatedIn>;
    conformance: ReturnType<typeof conformanceReport>;
  },
): string[] {
  return [
    ...failureLines(run, folder),
    ...knownLines(run, outdated),
    ...conformanceLines(conformance, join(folder, outputs.conformance)),
  ];
}

/** What failed, what went wrong beside the cases, and what was not run; nothing when all went well. */
export function failureLines({ cases, errors, sums, interrupted }: Run, out: string): string[] {
  const lines: string[] = [];
  const failed = cases.filter(({ verdict, known }) => verdict === 'failed' && !known);
  if (failed.length > 0) lines.push('', ...failureSection(failed, out));
  for (const { message, file } of errors) {
    lines.push('', styleText('red', file === undefined ? 'Error outside of any case' : `Error in ${file}`));
    lines.push(...message.split('\n').map((line) => `    ${line}`));
  }
  if (sums.notRun > 0) {
    lines.push('', `${sums.notRun} of ${sums.selected} selected cases were not run:`);
    lines.push(...countedReasons(cases.filter(({ verdict }) => verdict === 'not-run')));
  }
  if (interrupted) lines.push('', `The run was interrupted by ${interrupted}.`);
  return lines;
}

/**
 * What is known to fail, and what of the list of known failures does not hold any more.
 * @param outdated entries whose cases pass, or that have expired
 */
export function knownLines({ cases }: Run, { passing, expired }: ReturnType<typeof outdatedIn>): string[] {
  const failing = cases.filter(({ known }) => known);
  return [
    ...(failing.length === 0 ? [] : ['', `${failing.length} failed as they are known to:`]),
    ...failing.flatMap(({ id, got, known }) => [
      `${marks.failed} ${id}`,
      ...fieldLines({ known: `${known?.reason}, until ${known?.expires}`, link: known?.link, got }),
    ]),
    ...entryLines('pass now; take them out of reports/known-failures.yaml', passing),
    ...entryLines(
      'are not excused any more: their entries in reports/known-failures.yaml have expired',
      expired,
    ),
  ];
}

/** What the conformance report says of each profile, or why there is none. */
export function conformanceLines(outcome: ReturnType<typeof conformanceReport>, file: string): string[] {
  if (!outcome) return [];
  if ('because' in outcome) return ['', `No conformance report: ${outcome.because}.`];
  const { profiles } = outcome.report;
  return ['', `Conformance report: ${file}`, ...profiles.map(({ name, summary }) => `  ${name}  ${summary}`)];
}

/** `First case after 0.8 s, cases 14.2 s, clean-up 5.9 s; runner 31.0 s of CPU, 312 MB; 2,114 requests, 812 API calls` */
export function timesLine(
  { readyAt, firstCaseAt, endedAt, cases, cost }: Run,
  cleanAt: Date,
  {
    userCPUTime,
    systemCPUTime,
    maxRSS,
  }: Pick<NodeJS.ResourceUsage, 'userCPUTime' | 'systemCPUTime' | 'maxRSS'>,
): string {
  const [ready, ended] = [readyAt, endedAt].map(Date.parse) as [number, number];
  const first = firstCaseAt === undefined ? undefined : Date.parse(firstCaseAt);
  const parts = [
    ...(first === undefined
      ? []
      : [`first case after ${seconds(first - ready)}`, `cases ${seconds(ended - first)}`]),
    `clean-up ${seconds(cleanAt.getTime() - ended)}`,
  ];
  const runner = `runner ${seconds((userCPUTime + systemCPUTime) / 1_000)} of CPU, ${Math.round(maxRSS / 1_024)} MB`;
  const requests = cases.reduce((sum, { attempts }) => sum + attempts, 0).toLocaleString('en');
  const asked = cost ? `; ${requests} requests, ${cost.apiCalls.toLocaleString('en')} API calls` : '';
  return styleText('dim', `${parts.join(', ')}; ${runner}${asked}`);
}

/** `2 known failures beside what follows`, before the last line; nothing when there is none. */
export const knownSumLines = ({ sums: { known = 0 } }: Run): string[] =>
  known === 0 ? [] : [`${known} known ${known === 1 ? 'failure' : 'failures'} beside what follows`];

/** `N passed, N failed, N skipped`: the last line of every run. What is known to fail is in the line before it. */
export const sumLine = ({ sums: { passed, failed, skipped, known = 0 } }: Run): string =>
  `${passed} passed, ${failed - known} failed, ${skipped} skipped`;

function entryLines(what: string, entries: KnownCase[]): string[] {
  if (entries.length === 0) return [];
  return [
    '',
    styleText('yellow', `Known failures that ${what}`),
    ...entries.map(({ id, known: { expires } }) => `  ${id}, until ${expires}`),
  ];
}

function failureSection(failed: CaseResult[], out: string): string[] {
  const [first, ...others] = failed;
  const shared = others.length > 0 && others.every(({ cause }) => cause === first?.cause);
  const lines = [styleText('red', `${failed.length} failed`)];
  if (shared) {
    lines.push(`All ${failed.length} have one likely cause: ${first?.cause}`);
    lines.push(...fieldLines(diagnosed(first)));
  }
  for (const one of failed) {
    lines.push('', `${marks.failed} ${one.id}`);
    const { expected, got, cause, repro } = one;
    const evidence = folders(one.evidence, out);
    const why = shared ? {} : { cause, ...diagnosed(one) };
    lines.push(...fieldLines({ expected, got, ...why, evidence, repro }));
  }
  return lines;
}

/** What a cause rests on, and the command that mends or proves it. */
const diagnosed = (one: CaseResult | undefined): Record<string, string | undefined> => ({
  seen: one?.diagnosis?.evidence.join('\n'),
  next: one?.diagnosis?.next,
});

/** `    expected  200 from httpbin`, a line for each that has a value. */
export function fieldLines(fields: Record<string, string | undefined>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    if (!value) return [];
    const [head = '', ...rest] = value.split('\n');
    return [`    ${name.padEnd(10)}${head}`, ...rest.map((line) => `    ${' '.repeat(10)}${line}`)];
  });
}

/** The folders that hold the files, with their number: the names of the files are in run.json. */
function folders(paths: string[] = [], out: string): string {
  const byFolder = Map.groupBy(paths, (path) => join(out, dirname(path)));
  return [...byFolder].map(([folder, { length }]) => `${folder}/ (${length} files)`).join('\n');
}

/** `  12: its set-up failed: …`, one line for each reason. */
function countedReasons(cases: CaseResult[]): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of cases) {
    const key = firstLine(reason);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `  ${count}: ${reason}`);
}

const firstLine = (text = ''): string => text.split('\n')[0] ?? '';
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
