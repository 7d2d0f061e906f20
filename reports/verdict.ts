import { stripVTControlCharacters } from 'node:util';
import type { SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';
import type { CatalogueCase } from './catalogue.ts';
import type { CaseResult, Failure } from './run.ts';

/** How the cause of a failure begins that nothing explains. */
export const unknownCause = 'not known';

/** What vitest writes as the note of a test that it aborted. */
const aborted = 'The test run was aborted by the user.';

/**
 * The result of a case that vitest is done with.
 * @param rerun the command that runs this one case again, for failures that bring no better one
 * @returns undefined while the case has not ended, and when it was aborted
 */
export function resultOf(test: TestCase, known: CatalogueCase, rerun: string): CaseResult | undefined {
  const result = test.result();
  const { failure, excuse: _, milestones = {}, attempts = 0, ...facts } = test.meta().conformance ?? {};
  const common = {
    ...known,
    ...facts,
    durationMs: Math.round(test.diagnostic()?.duration ?? 0),
    milestones,
    attempts,
  };
  switch (result.state) {
    case 'passed':
      return { ...common, verdict: 'passed' };
    case 'failed':
      if (result.errors.every(isAbsence))
        return { ...common, verdict: 'not-run', reason: `not judged: ${reasonOf(result.errors)}` };
      return {
        ...common,
        verdict: 'failed',
        reason: reasonOf(result.errors),
        ...(failure ?? failureOf(result.errors[0], rerun)),
      };
    case 'skipped':
      return result.note === aborted ? undefined : { ...common, ...skippedOrNot(test, result.note) };
    case 'pending':
      return undefined;
  }
}

/** An ApiError (helpers/kube/errors.ts) of a server that is away; another run that would not end (helpers/setup/turn.ts). */
const isAbsence = ({ name, away }: SerializedError): boolean =>
  (name === 'ApiError' && away === true) || name === 'TurnTaken';

function skippedOrNot(test: TestCase, note: string | undefined): Pick<CaseResult, 'verdict' | 'reason'> {
  if (note !== undefined) return { verdict: 'skipped', reason: note };
  const broken = brokenParent(test);
  if (broken) return { verdict: 'not-run', reason: `its set-up failed: ${reasonOf(broken)}` };
  return { verdict: 'skipped', reason: 'marked as skipped in the suite file, without a reason' };
}

/** Errors of the nearest file or group of cases around the case that has any: a failed beforeAll, for one. */
function brokenParent(test: TestCase): SerializedError[] | undefined {
  let parent: TestSuite | TestModule = test.parent;
  while (parent.errors().length === 0) {
    if (parent.type === 'module') return undefined;
    parent = parent.parent;
  }
  return parent.errors();
}

/** The messages of the errors, in one text without colours. */
export function reasonOf(errors: readonly SerializedError[]): string {
  const messages = errors.map(messageOf);
  return [...new Set(messages)].join('\nand then: ') || 'it gave no message';
}

function messageOf({ name, message }: SerializedError): string {
  const said = stripVTControlCharacters(message ?? '').trim();
  return said || name || 'an error without a message';
}

/** For errors that no helper explained. The fields of a Problem (cluster/problem.ts) are taken as they are. */
function failureOf(error: SerializedError | undefined, rerun: string): Failure {
  const text = (field: string): string | undefined => {
    const value = error?.[field];
    return typeof value === 'string' && value !== '' ? stripVTControlCharacters(value) : undefined;
  };
  const next = text('next');
  const cause =
    text('cause') ?? `${unknownCause}: the error comes from outside of what the suite can explain`;
  return {
    expected: text('asked') ?? text('expected') ?? 'the case ends without an error',
    got: text('got') ?? text('actual') ?? (error ? messageOf(error) : 'a failure without an error'),
    cause: next === undefined ? cause : `${cause}; next: ${next}`,
    evidence: [],
    repro: rerun,
  };
}
