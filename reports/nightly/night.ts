import { createHash } from 'node:crypto';
import type { CaseResult, Run } from '../run.ts';
import { type NightlyTarget, strayed } from './targets.ts';

/** What became of a target in a night. */
export type Outcome = { target: NightlyTarget; run: Run } | { target: NightlyTarget; because: string };

/** Something that is not as it should be on a target. */
export interface Finding {
  /** Case id; what is not about a case has a name in words. */
  id: string;
  /** What is to be told, by name. */
  says: [string, string][];
  /** The same every night, for the same id on the same target. */
  mark: string;
}

/** A finding that is news, or is none any more. */
export interface Change {
  target: string;
  id: string;
}

/** What was found on a target. */
export interface TargetFindings {
  target: NightlyTarget;
  /** Versions and sums; absent where there is no run. */
  about?: string;
  findings: Finding[];
}

/** From more findings on a target on nobody reads the list: they are one. An issue has room for so many on each. */
const most = 300;

/**
 * What is not as it should be: cases that failed and are not known to, cases without a verdict, errors outside of any
 * case, a run that was interrupted or on another target, and a target without a run.
 */
export function findingsOf(outcome: Outcome): TargetFindings {
  const { target } = outcome;
  const found = (id: string, says: Finding['says']): Finding => ({ id, says, mark: markOf(target, id) });
  if ('because' in outcome) {
    return { target, findings: [found('no run', [['why', outcome.because]])] };
  }
  const { run } = outcome;
  const stray = strayed(target, run);
  const findings = [
    ...(stray.length > 0 ? [found('another target', [['why', stray.join('; ')]])] : []),
    ...(run.interrupted ? [found('interrupted', [['why', `by ${run.interrupted}`]])] : []),
    ...run.errors.map(({ message, file }) =>
      found(`error ${file ?? 'outside of any case'}`, [['message', message]]),
    ),
    ...run.cases.filter(isBad).map((one) => found(one.id, saysOf(one))),
  ];
  const [first] = findings;
  const told =
    first && findings.length > most
      ? [
          found('hundreds of cases', [
            ['number', String(findings.length)],
            ['first', first.id],
            ...first.says,
          ]),
        ]
      : findings;
  return { target, about: aboutOf(run), findings: told };
}

function aboutOf({ target, sums }: Run): string {
  const { kubernetes, gatewayApi, implementation } = target.versions;
  const { passed, failed, skipped, notRun, known = 0 } = sums;
  const verdicts = `${passed} passed, ${failed - known} failed, ${skipped} skipped, ${notRun} not run`;
  return `${implementation}, Gateway API ${gatewayApi.version} ${gatewayApi.channel}, Kubernetes ${kubernetes}: ${verdicts}`;
}

/** Whether the case has a verdict, and did not fail but as it is known to. */
export const isWell = (one: CaseResult): boolean => !isBad(one);

/** @returns ten hexadecimal digits */
export const markOf = ({ name }: NightlyTarget, id: string): string =>
  createHash('sha256').update(`${name} ${id}`).digest('hex').slice(0, 10);

const isBad = ({ verdict, known }: CaseResult): boolean =>
  verdict === 'not-run' || (verdict === 'failed' && !known);

function saysOf({ verdict, reason = '', expected, got, cause }: CaseResult): Finding['says'] {
  if (verdict === 'not-run') return [['not run', reason]];
  return Object.entries({ expected, got, cause }).flatMap(([name, text]): Finding['says'] =>
    text === undefined ? [] : [[name, text]],
  );
}
