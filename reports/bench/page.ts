import { quantileSorted } from 'simple-statistics';
import { aligned } from '../aligned.ts';
import { tableLine } from '../markdown.ts';
import { type Contender, perCase, ratiosOf, type Spread, spreadOf, type Taken, valuesOf } from './figures.ts';
import { type AboveFloor, aboveFloor, type Floor, type Served } from './floor.ts';

/** Two of the contenders, of which one is to take longer. */
export interface Race {
  slow: string;
  fast: string;
  /** How many times as long the slow one is promised to take, at least. */
  promised?: number;
}

/** All that a bench has found. */
export interface Bench {
  /** ISO 8601, UTC. */
  at: string;
  /** Processors, and what else they had to do. */
  machine: string;
  /** What was tested. */
  target: string;
  contenders: Contender[];
  races: Race[];
  /** Rounds with a floor, and runs whose cases are laid beside it. */
  served: Served[];
  /** What was not measured, and why. */
  left: string[];
}

/** A table with a title and, in the first row, the names of its columns. */
interface Table {
  title: string;
  rows: string[][];
}

/** How many of those furthest above the floor are named. */
const named = 10;

/** `23.4 (21.0 to 30.2)`; of a single value no spread is told */
function spreadText(spread: Spread | undefined, digits = 1): string {
  if (!spread) return '';
  const [middle, from, to] = [spread.median, spread.from, spread.to].map((value) => value.toFixed(digits));
  return spread.count === 1 ? `${middle}` : `${middle} (${from} to ${to})`;
}

const columnOf = (contender: Contender, figure: (taken: Taken) => number | undefined, digits = 1): string =>
  spreadText(spreadOf(valuesOf(contender, figure)), digits);

function timesTable(contenders: Contender[]): Table {
  return {
    title: 'Seconds, from a command to its end: the median (least to most)',
    rows: [
      ['what', 'rounds', 'first verdict', 'whole', 'promised', 'of it'],
      ...contenders.map((contender) => {
        const { name, rounds, promised } = contender;
        const whole = spreadOf(rounds.map(({ seconds }) => seconds));
        return [
          name,
          `${rounds.length}`,
          columnOf(contender, ({ firstVerdict }) => firstVerdict),
          spreadText(whole),
          promised === undefined ? '' : `${promised}`,
          promised === undefined || !whole ? '' : (whole.median / promised).toFixed(2),
        ];
      }),
    ],
  };
}

function costsTable(contenders: Contender[]): Table {
  const judging = contenders.filter(({ rounds }) => rounds.some(({ requests }) => requests !== undefined));
  return {
    title: 'What it takes, until the last verdict',
    rows: [
      ['what', 'cases', 'requests a case', 'API calls a case', 'API calls', 'CPU seconds', 'MiB'],
      ...judging.map((contender) => [
        contender.name,
        columnOf(contender, ({ cases }) => cases, 0),
        columnOf(contender, perCase('requests')),
        columnOf(contender, perCase('apiCalls')),
        columnOf(contender, ({ apiCalls }) => apiCalls, 0),
        columnOf(contender, ({ cpu }) => cpu),
        columnOf(contender, ({ memory }) => memory, 0),
      ]),
    ],
  };
}

function racesTable({ contenders, races }: Bench): Table {
  const find = (name: string) => contenders.find((contender) => contender.name === name);
  return {
    title: 'Ratios of the seconds, round by round',
    rows: [
      ['what', 'rounds', 'times', 'promised'],
      ...races.flatMap(({ slow, fast, promised }) => {
        const [one, other] = [find(slow), find(fast)];
        const ratios = one && other ? ratiosOf(one, other) : [];
        if (ratios.length === 0) return [];
        return [
          [
            `${slow} / ${fast}`,
            `${ratios.length}`,
            spreadText(spreadOf(ratios), 2),
            promised === undefined ? '' : `at least ${promised}`,
          ],
        ];
      }),
    ],
  };
}

const floorNames: Record<keyof Floor, string> = {
  address: 'Gateway and route applied → address',
  gateway: 'Gateway and route applied → first right answer',
  route: 'route applied at a Gateway that serves → first right answer',
};

function floorTable({ served }: Bench): Table {
  const floors = served.map(({ floor }) => floor);
  return {
    title: 'The floor: until Istio serves, backend ready before, asked by a bare loop',
    rows: [
      ['what', 'rounds', 'seconds'],
      ...(Object.keys(floorNames) as (keyof Floor)[]).map((name) => [
        floorNames[name],
        `${floors.length}`,
        spreadText(spreadOf(floors.map((floor) => floor[name])), 2),
      ]),
    ],
  };
}

const kinds: Record<AboveFloor['floor'], string> = {
  gateway: 'with a Gateway of their own',
  route: 'at what serves already, or is shared',
};

function aboveTables(cases: AboveFloor[]): Table[] {
  if (cases.length === 0) return [];
  const groups = [...Map.groupBy(cases, ({ floor }) => floor)];
  return [
    {
      title: 'Seconds by which cases sit above the floor, from their fixture to their first right answer',
      rows: [
        ['cases', 'how many', 'least', 'quarter', 'median', 'three quarters', 'most'],
        ...groups.map(([floor, all]) => {
          const sorted = all.map(({ above }) => above).toSorted((a, b) => a - b);
          const at = [0, 0.25, 0.5, 0.75, 1].map((share) => quantileSorted(sorted, share).toFixed(2));
          return [kinds[floor], `${all.length}`, ...at];
        }),
      ],
    },
    {
      title: `The ${Math.min(named, cases.length)} furthest above it`,
      rows: [['case', 'floor', 'seconds', 'above'], ...cases.slice(0, named).map(caseRow)],
    },
  ];
}

const caseRow = ({ id, floor, took, above }: AboveFloor): string[] => [
  id,
  floor,
  took.toFixed(2),
  above.toFixed(2),
];

const tablesOf = (bench: Bench): Table[] =>
  [
    timesTable(bench.contenders),
    racesTable(bench),
    costsTable(bench.contenders),
    ...(bench.served.length === 0 ? [] : [floorTable(bench), ...aboveTables(aboveFloor(bench.served))]),
  ].filter(({ rows }) => rows.length > 1);

/** Rounds in which cases failed: what they took is not what they take. */
const failedLines = ({ contenders }: Bench): string[] =>
  contenders.flatMap(({ name, rounds }) =>
    rounds.flatMap(({ failed = 0 }, at) =>
      failed === 0 ? [] : [`${name}: ${failed} cases failed in round ${at + 1}`],
    ),
  );

const notes = (bench: Bench): string[] => [
  ...failedLines(bench),
  ...bench.left.map((what) => `not measured: ${what}`),
];

/** For a terminal. */
export function benchLines(bench: Bench): string[] {
  return [
    ...tablesOf(bench).flatMap(({ title, rows }) => ['', title, ...aligned(rows).map((line) => `  ${line}`)]),
    '',
    ...notes(bench),
    `${bench.machine}; ${bench.target}`,
  ];
}

/** As Markdown, with all cases beside the floor. */
export function benchPage(bench: Bench): string {
  const cases = aboveFloor(bench.served);
  const all = { title: 'Every case', rows: [['case', 'floor', 'seconds', 'above'], ...cases.map(caseRow)] };
  return [
    '# Bench',
    '',
    `Made by \`npm run bench\` on ${bench.at}: ${bench.machine}; ${bench.target}.`,
    ...notes(bench).map((note) => `\n- ${note}`),
    ...[...tablesOf(bench), ...(cases.length === 0 ? [] : [all])].flatMap(
      ({ title, rows: [head = [], ...rows] }) => [
        '',
        `## ${title}`,
        '',
        tableLine(head),
        tableLine(head.map(() => '---')),
        ...rows.map(tableLine),
      ],
    ),
    '',
  ].join('\n');
}
