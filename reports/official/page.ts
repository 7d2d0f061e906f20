import { aligned } from '../aligned.ts';
import { tableLine } from '../markdown.ts';
import { type Comparison, promisedRatio, type Selection } from './comparison.ts';

/** What the comparison was measured on. */
export interface Measured {
  /** ISO 8601, UTC. */
  at: string;
  /** Processors, and what else they had to do: `2 × Xeon, load 0.4 before it`. */
  machine: string;
  /** What was tested: `Istio 1.31 on Kubernetes v1.36.3`. */
  target: string;
  /** Release of the official suite. */
  official: string;
}

const columns = [
  'official case',
  'official',
  's',
  'ours',
  'cases',
  's',
  'programmed',
  'first right',
  'steady',
  '',
];

/** The cells of each case, as texts; the last one marks a difference. */
function rowsOf({ cases }: Comparison): string[][] {
  return cases.map(({ name, official, ours, agrees }) => [
    name,
    official.verdict,
    official.seconds.toFixed(1),
    ours.verdict,
    ours.passed === ours.cases ? `${ours.cases}` : `${ours.passed} of ${ours.cases}`,
    ours.seconds.toFixed(1),
    ...(['programmed', 'firstRight', 'steady'] as const).map((milestone) =>
      secondsOf(ours.milestones[milestone]),
    ),
    agrees ? '' : '≠',
  ]);
}

const secondsOf = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '' : (milliseconds / 1_000).toFixed(1);

/**
 * `official suite 111.2 s, ours 24.0 s: 4.63 times as fast, at least the 4 promised`, and what the machine's processors
 * had to do for it: what they do for the official suite they cannot do faster than all at once.
 */
export function ratioLines({ seconds, busy, ratio }: Comparison): string[] {
  const kept = ratio >= promisedRatio ? 'at least' : 'less than';
  const [official, ours] = [
    `official suite ${seconds.official.toFixed(1)} s`,
    `ours ${seconds.ours.toFixed(1)} s`,
  ];
  return [
    `processors busy for ${busy.official.toFixed(1)} s by the official suite, ${busy.ours.toFixed(1)} s by ours`,
    `${official}, ${ours}: ${ratio.toFixed(2)} times as fast, ${kept} the ${promisedRatio} promised`,
  ];
}

/** How many verdicts agree, and for each that does not, both with their reasons. */
export function differenceLines({ cases }: Comparison): string[] {
  const differing = cases.filter(({ agrees }) => !agrees);
  const same = `${cases.length - differing.length} of ${cases.length} verdicts agree`;
  return [
    same,
    ...differing.map(({ name, official, ours }) =>
      [
        `≠ ${name}: official ${official.verdict}${because(official.reason)}`,
        `ours ${ours.verdict}${because(ours.reason)}`,
      ].join('; '),
    ),
  ];
}

const because = (reason: string | undefined): string =>
  reason === undefined ? '' : ` (${reason.split('\n')[0]})`;

/** What was not compared, by reason. */
export function leftLines({ left }: Selection): string[] {
  return [...left].map(([reason, names]) => `not compared, ${reason}: ${names.length} (${names.join(', ')})`);
}

/** The verdicts side by side, for a terminal. */
export function tableLines(comparison: Comparison): string[] {
  return aligned([columns, ...rowsOf(comparison)]);
}

/** The comparison as Markdown. */
export function comparisonPage(comparison: Comparison, selection: Selection, measured: Measured): string {
  return [
    '# Gateway API’s own suite and this one, case by case',
    '',
    `Made by \`npm run bench -- --official\` on ${measured.at}: ${measured.machine}; ${measured.target}; official suite ${measured.official}.`,
    '',
    ...ratioLines(comparison).map((each) => `- ${each}`),
    ...differenceLines(comparison).map((each) => `- ${each}`),
    ...leftLines(selection).map((each) => `- ${each}`),
    '',
    'Seconds: of the official case; of the slowest of the cases here, which run at the same time; and until the last of them was there, from the time its fixture was applied.',
    '',
    tableLine(columns),
    tableLine(columns.map(() => '---')),
    ...rowsOf(comparison).map(tableLine),
    '',
  ].join('\n');
}
