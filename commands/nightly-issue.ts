import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../cluster/problem.ts';
import { decide, type Issue } from '../reports/nightly/issue.ts';
import type { Outcome } from '../reports/nightly/night.ts';
import { nightlyTargets } from '../reports/nightly/targets.ts';
import { runAt } from '../reports/regression/choose.ts';

export interface IssueOptions {
  matrix: string;
  runs: string;
  issues: string;
  link: string;
  out: string;
}

/** What a decision has none of. */
const blank = { number: '', title: '', body: '', comment: '' };

/**
 * Decides what is to be done about the nightly's issue. Settles when its texts are written.
 * @returns lines for $GITHUB_OUTPUT: action, number and title; and why it is to be done
 * @throws Problem when the matrix or the open issues cannot be read; a run that cannot be is one that is not there
 */
export async function decideIssue(options: IssueOptions): Promise<{ outputs: string[]; why: string }> {
  const outcomes = nightlyTargets(options.matrix).map((target): Outcome => {
    try {
      return { target, run: runAt(join(options.runs, `run-${target.name}`)) };
    } catch (error) {
      if (error instanceof Problem) return { target, because: error.got };
      throw error;
    }
  });
  const decision = decide(outcomes, readIssues(options.issues), options.link);
  const { action, because, number, title, body, comment } = { ...blank, ...decision };
  await mkdir(options.out, { recursive: true });
  await writeFile(join(options.out, 'body.md'), body);
  await writeFile(join(options.out, 'comment.md'), comment);
  return {
    outputs: Object.entries({ action, number, title }).map(([name, value]) => `${name}=${value}`),
    why: `${action}: ${because}`,
  };
}

/** @throws Problem when it is no list of issues: that of a night that could not ask is not an empty one */
function readIssues(file: string): Issue[] {
  try {
    const issues: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(issues) && issues.every(isIssue)) return issues;
    throw new Error('it is no list of objects with number and body');
  } catch (error) {
    throw new Problem({
      asked: `read the open issues in ${file}`,
      got: (error as Error).message,
      cause: 'gh could not list them, and which are open is not known',
      next: `gh issue list --state open --json number,body > ${file}`,
    });
  }
}

const isIssue = (value: unknown): value is Issue =>
  typeof (value as Issue | null)?.number === 'number' && typeof (value as Issue).body === 'string';
