import { createHash } from 'node:crypto';
import {
  type Attachment,
  type Label,
  type Parameter,
  Stage,
  Status,
  type StepResult,
  type TestOrStepResult,
  type TestResult,
} from 'allure-js-commons';
import { createStepResult, createTestResult } from 'allure-js-commons/sdk/reporter';
import { proofText } from '../proof.ts';
import type { CaseResult, Dialect, Run, Step } from '../run.ts';
import { unknownCause } from '../verdict.ts';
import { linksOf } from './links.ts';

/** Values of the label `judged`, where no cause tells more. */
export const judged = { known: 'known', not: 'not', broken: 'broken', answers: 'answers' } as const;

const dialects: Record<Dialect, string> = {
  'gateway-api': 'Gateway API',
  'istio-api': 'Istio API',
  ingress: 'Ingress',
};

/** Labels of allure-vitest's own that are kept: the others name the machine, or say less than ours. */
const keptLabels = ['framework', 'language', 'thread'];

/** Longest text in a step. */
const longest = 1_000;

/**
 * A case as Allure shows it: all that run.json tells of it.
 * @param written what allure-vitest wrote of it, which knows when it ran, and has what was attached meanwhile
 */
export function resultOf(one: CaseResult, run: Run, written: TestResult | undefined): TestResult {
  const { id, title, verdict, reason } = one;
  const start = written?.start ?? Date.parse(run.firstCaseAt ?? run.readyAt);
  const status = statusOf(one);
  return {
    ...createTestResult(uuidOf(run, id)),
    ...identityOf(id),
    name: title,
    titlePath: id.split('/').slice(0, -1),
    ...(status && { status }),
    statusDetails: {
      ...(reason !== undefined && { message: reason }),
      ...(status === Status.BROKEN && written?.statusDetails.trace && { trace: written.statusDetails.trace }),
    },
    stage: verdict === 'not-run' ? Stage.INTERRUPTED : Stage.FINISHED,
    description: descriptionOf(one),
    steps: stepsOf(one, start),
    attachments: written ? attachedTo(written) : [],
    parameters: parametersOf(one),
    labels: [...labelsOf(one), ...(written?.labels.filter(({ name }) => keptLabels.includes(name)) ?? [])],
    links: linksOf(one, run),
    start,
    stop: start + one.durationMs,
  };
}

/** The figure of a proof stands beside the name; it is another result of the same case all the same. */
const parametersOf = ({ proof }: CaseResult): Parameter[] =>
  proof ? [{ name: 'faults noticed', value: `${proof.noticed} of ${proof.applied}`, excluded: true }] : [];

/** By what Allure knows a case again in another run. */
export const identityOf = (id: string): { fullName: string; testCaseId: string; historyId: string } => ({
  fullName: id,
  testCaseId: id,
  historyId: hash(id),
});

/** The same for every result of that case in that run: it is there once, however often it is written. */
export const uuidOf = ({ id: run }: Pick<Run, 'id'>, id: string): string => hash(`${run} ${id}`);

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** @returns undefined, which Allure calls unknown, for what has no verdict */
export function statusOf({ verdict, cause }: CaseResult): Status | undefined {
  switch (verdict) {
    case 'passed':
      return Status.PASSED;
    case 'failed':
      return cause?.startsWith(unknownCause) ? Status.BROKEN : Status.FAILED;
    case 'skipped':
      return Status.SKIPPED;
    case 'not-run':
      return undefined;
  }
}

function labelsOf({ id, dialect, scenario, provisional, official, features, ...one }: CaseResult): Label[] {
  const [area = '', behaviour = ''] = id.split('/');
  const spoken = dialect && dialects[dialect];
  const kind = judgedAs(one);
  return Object.entries({
    epic: [area],
    feature: [behaviour],
    story: scenario && spoken ? [spoken] : [],
    dialect: spoken ? [spoken] : [],
    official: official === undefined ? [] : [official],
    cause: one.diagnosis ? [one.diagnosis.id] : [],
    judged: kind === undefined ? [] : [kind],
    tag: [...features, ...(spoken ? [spoken] : []), ...(provisional ? ['provisional'] : [])],
  }).flatMap(([name, values]) => values.map((value) => ({ name, value })));
}

function judgedAs(one: Pick<CaseResult, 'verdict' | 'known' | 'cause' | 'diagnosis'>): string | undefined {
  if (one.verdict === 'not-run') return judged.not;
  if (one.verdict !== 'failed') return undefined;
  if (one.known) return judged.known;
  if (one.cause?.startsWith(unknownCause)) return judged.broken;
  return one.diagnosis ? undefined : judged.answers;
}

/** What a case attached while it ran; allure-js-commons makes a step of each. */
const attachedTo = ({ attachments = [], steps = [] }: Partial<TestOrStepResult>): Attachment[] => [
  ...attachments,
  ...steps.flatMap(attachedTo),
];

/** A failure that no step tells, as one in setting up does not, is a step of its own. */
function stepsOf(one: CaseResult, start: number): StepResult[] {
  const { steps = [], verdict, expected = '', got = '' } = one;
  const untold = verdict === 'failed' && !steps.some(({ right }) => right === false);
  return [...steps, ...(untold ? [{ asked: expected, got, right: false }] : [])].map((step) =>
    stepOf(step, start),
  );
}

function stepOf({ asked, wanted, got, attempts, right }: Step, start: number): StepResult {
  const parameters = Object.entries({ wanted, got, attempts }).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: cut(String(value)) }],
  );
  const status = right === undefined ? Status.SKIPPED : right ? Status.PASSED : Status.FAILED;
  return {
    ...createStepResult(),
    name: cut(asked),
    status,
    stage: Stage.FINISHED,
    parameters,
    start,
    stop: start,
  };
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** Markdown: why it failed and what to do; how fast it was; which faults it noticed. */
function descriptionOf(one: CaseResult): string {
  const { known, reason, milestones, observed, attempts, file } = one;
  const reached = Object.entries(milestones).toSorted(([, a], [, b]) => a - b);
  return [
    ...(known ? [`**Known failure** until ${known.expires}.`] : []),
    // most failures say all of it in their message, which is shown above
    ...Object.entries(told(one)).flatMap(([title, text]) =>
      text && !reason?.includes(text) ? block(title, text) : [],
    ),
    ...Object.entries(observed ?? {}).flatMap(([what, came]) => block('Observed', `${what}\n${came}`)),
    ...(reached.length === 0 ? [] : [['| milestone | s |', '|---|--:|', ...reached.map(row)].join('\n')]),
    ...(one.proof ? [`**${proofText(one)}**: ${one.proof.faults.join(', ') || 'none'}`] : []),
    `${attempts} requests. Suite file: \`${file}\``,
  ].join('\n\n');
}

const told = ({ expected, got, cause, diagnosis, repro }: CaseResult) => ({
  Expected: expected,
  Got: got,
  'Likely cause': cause,
  Seen: diagnosis?.evidence.join('\n'),
  Next: diagnosis?.next,
  'Show it again': repro,
});

const row = ([name, milliseconds]: [string, number]): string =>
  `| ${name} | ${(milliseconds / 1_000).toFixed(1)} |`;

/** As it is, whatever is in it: nothing within a fence is a mark. */
function block(title: string, text: string): string[] {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [`**${title}**`, `${fence}\n${text}\n${fence}`];
}
