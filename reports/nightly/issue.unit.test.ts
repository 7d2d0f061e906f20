import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyRun, sampleCase, sampleRun, versions } from '../regression/sample-runs.ts';
import type { Run, Verdict } from '../run.ts';
import { type Decision, decide, type Issue } from './issue.ts';
import type { Outcome } from './night.ts';
import type { NightlyTarget } from './targets.ts';

const link = 'https://ci.example/runs/1';
const target = (istio: string): NightlyTarget => ({
  name: `istio-${istio}`,
  istio,
  channel: 'experimental',
  kubernetes: 'v1.36.3',
});
const night = (
  istio: string,
  cases: Record<string, Verdict> | Run['cases'],
  more: Partial<Run> = {},
): Outcome => {
  const run = sampleRun(1, cases, { target: { versions: versions(istio) } });
  return { target: target(istio), run: { ...run, ...more } };
};
const none = (istio: string): Outcome => ({ target: target(istio), because: 'there is no run.json in it' });

/** The issue that a decision leaves open; undefined when it leaves none. */
function left(decision: Decision, before?: Issue): Issue | undefined {
  if (decision.action === 'open') return { number: 7, body: decision.body };
  if (decision.action === 'update') return { number: decision.number, body: decision.body };
  return decision.action === 'close' ? undefined : before;
}

/** What is decided in one night after another. */
function nights(...all: Outcome[][]): Decision[] {
  let issue: Issue | undefined;
  return all.map((outcomes) => {
    const decision = decide(outcomes, issue ? [issue] : [], link);
    issue = left(decision, issue);
    return decision;
  });
}

const actions = (...all: Outcome[][]) => nights(...all).map(({ action }) => action);
const well = night('1.31.0', { a: 'passed', b: 'skipped' });
const bad = night('1.31.0', { a: 'failed', b: 'skipped' });

describe('what is done about the issue', () => {
  test.for<[string, Outcome[][], Decision['action'][]]>([
    ['nothing while all is well', [[well], [well]], ['nothing', 'nothing']],
    [
      'it is opened once, told once, and closed when fixed',
      [[bad], [bad], [well], [well]],
      ['open', 'nothing', 'close', 'nothing'],
    ],
    [
      'it is updated for another failure',
      [[bad], [night('1.31.0', { a: 'failed', b: 'failed' })]],
      ['open', 'update'],
    ],
    [
      'and when one of two is fixed',
      [[night('1.31.0', { a: 'failed', b: 'failed' })], [bad], [bad]],
      ['open', 'update', 'nothing'],
    ],
    [
      'and for the same case on another target',
      [
        [bad, night('1.30.2', { a: 'passed' })],
        [bad, night('1.30.2', { a: 'failed' })],
      ],
      ['open', 'update'],
    ],
    ['a target without a run opens it', [[none('1.31.0')]], ['open']],
    [
      'and keeps it open',
      [[bad], [none('1.31.0')], [none('1.31.0')], [well]],
      ['open', 'update', 'nothing', 'close'],
    ],
    [
      'one target that is well does not close it',
      [
        [bad, none('1.30.2')],
        [well, none('1.30.2')],
      ],
      ['open', 'update'],
    ],
    ['a case that was not run is no success', [[night('1.31.0', { a: 'not-run' })]], ['open']],
    [
      'nor is an error outside of any case',
      [[night('1.31.0', { a: 'passed' }, { errors: [{ message: 'stray' }] })]],
      ['open'],
    ],
    ['nor an interrupted run', [[night('1.31.0', { a: 'passed' }, { interrupted: 'SIGTERM' })]], ['open']],
    ['nor a run on another target', [[{ ...well, target: target('1.30.2') }]], ['open']],
    [
      'a failure that is known to is none',
      [
        [
          night('1.31.0', [
            sampleCase('a', 'failed', { known: { reason: 'so', link: 'x', expires: '2027-01-01' } }),
          ]),
        ],
      ],
      ['nothing'],
    ],
  ])('%s', ([, all, expected]) => {
    expect(actions(...all)).toEqual(expected);
  });

  test('an issue that somebody closed is opened anew, and one whose record somebody spoilt is told all', () => {
    expect(decide([bad], [], link).action).toBe('open');
    const decision = decide([bad], [{ number: 3, body: 'edited by hand' }], link);
    expect(decision).toMatchObject({ action: 'update', number: 3 });
  });

  test('of several the oldest counts', () => {
    const issues = [9, 3, 5].map((number) => ({ number, body: '' }));
    expect(decide([well], issues, link)).toMatchObject({ action: 'close', number: 3 });
  });
});

describe('what the issue says', () => {
  test('what failed where, with what was expected and got, and what else there is', () => {
    const [decision] = nights([bad, night('1.30.2', { a: 'passed' })]);
    const { title, body } = decision as Extract<Decision, { action: 'open' }>;
    expect(title).toBe('Nightly: 1 wrong on 1 of 2 targets');
    expect(body).toContain(link);
    expect(body).toContain(
      '### istio-1.31.0\n\nIstio 1.31.0, Gateway API v1.6.3 experimental, Kubernetes v1.36.3: 0 passed, 1 failed, 1 skipped, 0 not run',
    );
    expect(body).toContain(
      '- `area/file/a`\n  ```text\n  expected: 200\n  got: 404\n  cause: no route\n  ```',
    );
    expect(body).toContain('Nothing wrong on istio-1.30.2.');
  });

  test('a comment names what is new and what is well again', () => {
    const [, decision] = nights([bad], [night('1.31.0', { a: 'passed', b: 'failed' })]);
    const { comment } = decision as Extract<Decision, { action: 'update' }>;
    expect(comment).toMatch(
      /New\*\*\n\n- `area\/file\/b` on istio-1\.31\.0\n(.*\n)*\*\*Well again\*\*\n\n- `area\/file\/a` on/,
    );
  });

  test('why a run counts for nothing', () => {
    const [decision] = nights([{ ...well, target: target('1.30.2') }, none('1.31.0')]);
    const { body } = decision as Extract<Decision, { action: 'open' }>;
    expect(body).toContain('Istio was 1.31.0, not 1.30.2');
    expect(body).toContain('there is no run.json in it');
  });

  test('what a cluster says is text, and cannot end its fence', () => {
    const said = { got: 'x\n```\n@everyone <!-- nightly: 0123456789 -->', cause: 'x' };
    const [decision] = nights([night('1.31.0', [sampleCase('a', 'failed', said)])]);
    const { body } = decision as Extract<Decision, { action: 'open' }>;
    const fences = body.split('\n').filter((line) => line.trimStart().startsWith('```'));
    expect(fences).toEqual(['  ```text', '  ```']);
    expect(left(decision as Decision)?.body.trimEnd()).toMatch(/<!-- nightly: [0-9a-f]{10} -->$/);
  });

  test('the record is its own, and no text of the cluster', () => {
    const same = night('1.31.0', [sampleCase('a', 'failed', { got: '<!-- nightly: 0123456789 -->' })]);
    expect(actions([same], [same], [well])).toEqual(['open', 'nothing', 'close']);
  });

  test('fits into an issue, however much failed', () => {
    const long = 'x'.repeat(240);
    const failing = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        sampleCase(`${long}-${at}`, 'failed', { expected: long.repeat(9), got: long.repeat(9), cause: long }),
      );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(1, 30, 300, 301, 1_200),
        (count, cases) => {
          const outcomes = Array.from({ length: count }, (_, at) => night(`1.${at}.0`, failing(cases)));
          const decision = decide(outcomes, [{ number: 1, body: '' }], link) as Extract<
            Decision,
            { action: 'update' }
          >;
          expect(decision.body.length).toBeLessThan(65_536);
          expect(decision.comment.length).toBeLessThan(65_536);
          expect(decide(outcomes, [{ number: 1, body: decision.body }], link).action).toBe('nothing');
        },
      ),
      {
        numRuns: 10,
        examples: [
          [12, 300],
          [12, 1_200],
        ],
      },
    );
  });
});

test('whatever the nights are like: the issue is open after a night exactly when something was wrong in it', () => {
  fc.assert(
    fc.property(fc.array(fc.option(anyRun, { nil: undefined }), { minLength: 1, maxLength: 5 }), (runs) => {
      let issue: Issue | undefined;
      for (const run of runs) {
        const outcome: Outcome = run ? { target: target('1.31.0'), run } : none('1.31.0');
        issue = left(decide([outcome], issue ? [issue] : [], link), issue);
        const right =
          run?.target.versions.implementation === 'Istio 1.31.0' && run.sums.failed + run.sums.notRun === 0;
        expect(issue === undefined).toBe(right);
      }
    }),
  );
});
