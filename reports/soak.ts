import type { CaseResult, Run } from './run.ts';
import { sumLine } from './terminal.ts';

/** One run of the suites that was disturbed. */
export interface Soaked {
  /** What disturbed it. */
  disturbances: string[];
  /** How often each thing was done: `{ 'killed the API server': 3 }`. */
  done: Record<string, number>;
  seconds: number;
  /** What it left; undefined when it left no run.json. */
  run: Run | undefined;
}

/** What a disturbed run of a gateway that is right must not have: cases that failed, and are not known to. */
const falseAlarms = ({ run }: Soaked): CaseResult[] =>
  run?.cases.filter(({ verdict, known }) => verdict === 'failed' && !known) ?? [];

const notJudged = ({ run }: Soaked): CaseResult[] =>
  run?.cases.filter(({ verdict }) => verdict === 'not-run') ?? [];

/** Whether no run told of a fault that is none, and each told what became of its cases. */
export const isSound = (runs: Soaked[]): boolean =>
  runs.every((soaked) => soaked.run !== undefined && falseAlarms(soaked).length === 0);

/** `run 3: cores, istiod: 1055 passed, 0 failed, 55 skipped, 4 not judged in 302 s; deleted Pod of istiod 7 times` */
export function soakedLines(number: number, soaked: Soaked): string[] {
  const { disturbances, done, seconds, run } = soaked;
  const head = `run ${number}: ${disturbances.join(', ')}:`;
  if (!run) return [`${head} it left no report after ${seconds.toFixed(0)} s`];
  const acts = Object.entries(done).map(([what, times]) => (times === 1 ? what : `${what} ${times} times`));
  const unjudged = Map.groupBy(notJudged(soaked), ({ reason = '' }) => reason.split('; it got:')[0] ?? '');
  return [
    `${head} ${sumLine(run)}, ${notJudged(soaked).length} not judged in ${seconds.toFixed(0)} s; ${acts.join(', ')}`,
    ...falseAlarms(soaked).map(({ id, got, cause }) => `  false alarm: ${id}: got ${got}; ${cause}`),
    ...[...unjudged].map(([reason, cases]) => `  ${cases.length}: ${reason}`),
    ...run.errors.map(({ message }) => `  beside the cases: ${message.split('\n')[0]}`),
  ];
}

/** `10 runs: 3 false alarms in 10,550 cases that were judged, 12 not judged` */
export function soakSumLine(runs: Soaked[]): string {
  const count = (of: (soaked: Soaked) => number) =>
    runs.reduce((sum, soaked) => sum + of(soaked), 0).toLocaleString('en');
  const judged = count(({ run }) => (run ? run.sums.passed + run.sums.failed : 0));
  const mute = runs.filter(({ run }) => !run).length;
  return [
    `${runs.length} runs: ${count((soaked) => falseAlarms(soaked).length)} false alarms in ${judged} cases that were judged`,
    `${count((soaked) => notJudged(soaked).length)} not judged`,
    ...(mute > 0 ? [`${mute} runs without a report`] : []),
  ].join(', ');
}
