import { issueBody, listOf } from './markdown.ts';
import { type Change, findingsOf, isWell, markOf, type Outcome, type TargetFindings } from './night.ts';

/** An open issue, as `gh issue list --json number,body` tells it. */
export interface Issue {
  number: number;
  body: string;
}

/** What is to be done about the issue of the nightly, and why. */
export type Decision = { because: string } & (
  | { action: 'nothing' }
  | { action: 'open'; title: string; body: string }
  | { action: 'update'; number: number; title: string; body: string; comment: string }
  | { action: 'close'; number: number; comment: string }
);

/** At the very end: a text of the cluster may have the like. */
const record = /<!-- nightly:((?: [0-9a-f]{10})*) -->\s*$/;

/** Characters of findings and record: GitHub takes 65536 of an issue, headings included. */
const roomy = 60_000;

/**
 * Decides what is to be done. There is one issue for all targets; it tells what is wrong now, and has a record of that,
 * by which the next night sees what is news.
 * - `open`: something is wrong, and no issue is open.
 * - `update`: something is wrong that the issue does not tell, or something that it tells is well.
 * - `close`: nothing is wrong on any target, and each has a run: a target without one keeps the issue open.
 * - `nothing`: all is well and no issue is open, or the issue tells what is wrong already.
 * @param outcomes one for each target of the nightly
 * @param issues those that are open; of several the oldest counts
 * @param link to the run of the workflow
 */
export function decide(outcomes: Outcome[], issues: Issue[], link: string): Decision {
  const targets = outcomes.map(findingsOf);
  const [issue] = issues.toSorted((a, b) => a.number - b.number);
  const all = targets.flatMap(({ findings }) => findings);
  if (all.length === 0) {
    if (!issue) return { action: 'nothing', because: 'all targets are well, and no issue is open' };
    const comment = `Well again on all ${outcomes.length} targets: ${link}\n`;
    return { action: 'close', number: issue.number, comment, because: 'all targets are well' };
  }
  const marks = [...new Set(all.map(({ mark }) => mark))].toSorted();
  const recorded = `<!-- nightly:${marks.map((mark) => ` ${mark}`).join('')} -->`;
  const body = `${issueBody(targets, link, roomy - recorded.length)}\n${recorded}\n`;
  const title = titleOf(targets);
  if (!issue) return { action: 'open', title, body, because: 'something is wrong, and no issue is open' };
  const { number } = issue;
  const told = new Set(record.exec(issue.body)?.[1]?.trim().split(' ').filter(Boolean));
  const news = targets.flatMap(({ target, findings }) =>
    findings.filter(({ mark }) => !told.has(mark)).map(({ id }) => ({ target: target.name, id })),
  );
  const gone = [...told].filter((mark) => !marks.includes(mark));
  if (news.length === 0 && gone.length === 0) {
    return { action: 'nothing', because: `#${number} tells what is wrong already` };
  }
  const comment = [
    `${link}\n`,
    ...listOf('New', news),
    ...listOf('Well again', wellAgain(outcomes, new Set(gone))),
  ].join('\n');
  const because = `${news.length} that #${number} does not tell, ${gone.length} that it tells and are none any more`;
  return { action: 'update', number, title, body, comment, because };
}

/** Of what the issue told, the cases that are well; what was not about a case has no name any more. */
function wellAgain(outcomes: Outcome[], gone: Set<string>): Change[] {
  return outcomes.flatMap((outcome) =>
    'run' in outcome
      ? outcome.run.cases
          .filter((one) => isWell(one) && gone.has(markOf(outcome.target, one.id)))
          .map(({ id }) => ({ target: outcome.target.name, id }))
      : [],
  );
}

function titleOf(targets: TargetFindings[]): string {
  const bad = targets.filter(({ findings }) => findings.length > 0);
  const ids = new Set(bad.flatMap(({ findings }) => findings.map(({ id }) => id)));
  return `Nightly: ${ids.size} wrong on ${bad.length} of ${targets.length} targets`;
}
