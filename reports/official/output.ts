import type { Judged } from '../conformance/official.ts';

/** A line of output, and when it came, in milliseconds. */
export interface Line {
  at: number;
  text: string;
}

/** What the official suite said of one of its cases. */
export interface OfficialVerdict {
  /** Its short name. */
  name: string;
  verdict: Judged;
  /** From its first word to its last, clean-up included. */
  seconds: number;
  /** Why it failed or was skipped, in its own words; absent where it gave none. */
  reason?: string;
}

/** What a test, or a sub-test, has said. */
interface Said {
  from: number;
  to: number;
  /** Its last message. */
  last?: string;
  /** What testify's fields `Error` and `Messages` hold. */
  asserted: string[];
}

const verdicts: Record<string, Judged> = { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' };

const heading = /^=== (RUN|PAUSE|CONT|NAME) +(\S+)/;
const result = /^ *--- (PASS|FAIL|SKIP): (\S+)/;
/** `    helpers.go:123: ` begins a message of a test. */
const message = /^ +[\w.-]+\.go:\d+: ?(.*)$/;
/** A field of testify's messages, and a further line of one. */
const field = /^ *\t([A-Z][a-z]+(?: [A-Z][a-z]+)?):\s+\t?(.*)$/;
const further = /^ *\t {12}\t(.*)$/;

/**
 * Reads what the official suite's test binary printed with `-test.v`, the format of `go test -v`: tests that run at the
 * same time take turns, and the verdicts come when all have ended. Its own figures leave out the time of sub-tests that
 * run at the same time, so a case's time is that from its first line to its last.
 * @returns a verdict for each case that has come to one, in the order in which they did
 */
export function readOutput(lines: Line[]): OfficialVerdict[] {
  const said = whatTheySaid(lines);
  const judged = lines
    .map(({ text }) => result.exec(text))
    .filter((found) => found !== null)
    .map(([, mark = '', path = '']): [string, Judged] => [path, verdicts[mark] as Judged]);
  const failed = judged.filter(([, verdict]) => verdict === 'failed').map(([path]) => path);
  return judged.flatMap(([path, verdict]): OfficialVerdict[] => {
    const [, name, ...deeper] = path.split('/');
    if (name === undefined || deeper.length > 0) return [];
    const own = said.get(path);
    const reason = verdict === 'failed' ? whyFailed(path, failed, said) : verdict === 'skipped' && own?.last;
    const seconds = own ? (Math.max(...spansOf(path, said)) - own.from) / 1_000 : 0;
    return [{ name, verdict, seconds, ...(reason && { reason }) }];
  });
}

/** When the test and its sub-tests said their last words. */
const spansOf = (path: string, said: Map<string, Said>): number[] =>
  [...said].filter(([each]) => isWithin(each, path)).map(([, { to }]) => to);

const isWithin = (path: string, parent: string): boolean => path === parent || path.startsWith(`${parent}/`);

/** By the sub-tests that failed, where any did; else by the case itself. */
function whyFailed(path: string, failed: string[], said: Map<string, Said>): string | undefined {
  const within = failed.filter((each) => isWithin(each, path));
  const deepest = within.filter((each) => !within.some((other) => other !== each && isWithin(other, each)));
  const reasons = deepest.map((each) => {
    const { asserted = [], last } = said.get(each) ?? {};
    const words = asserted.length > 0 ? asserted.join('; ') : last;
    return [each.slice(path.length + 1), words].filter(Boolean).join(': ');
  });
  return reasons.filter(Boolean).join('; ') || undefined;
}

function whatTheySaid(lines: Line[]): Map<string, Said> {
  const all = new Map<string, Said>();
  let speaker: Said | undefined;
  let title: string | undefined;
  for (const { at, text } of lines) {
    const [, how, path] = heading.exec(text) ?? [];
    if (path !== undefined) {
      const known = all.get(path);
      // what waits for its turn has not begun
      if (how === 'PAUSE') all.delete(path);
      else if (!known) all.set(path, { from: at, to: at, asserted: [] });
      speaker = all.get(path);
      title = undefined;
    } else if (result.test(text)) {
      speaker = undefined;
    }
    if (!speaker || path !== undefined) continue;
    speaker.to = at;
    const [, words] = message.exec(text) ?? [];
    if (words !== undefined) {
      title = undefined;
      if (words.trim() !== '') speaker.last = withoutTime(words);
    } else {
      const [, begun, value = ''] = field.exec(text) ?? [];
      title = begun ?? title;
      if (title === 'Error' || title === 'Messages') note(speaker.asserted, begun, value, text);
    }
  }
  return all;
}

function note(asserted: string[], begun: string | undefined, value: string, text: string): void {
  if (begun !== undefined) asserted.push(value.trim());
  else asserted.push([asserted.pop(), further.exec(text)?.[1]?.trim()].filter(Boolean).join(' '));
}

/** The suite puts the time before what it logs: `2026-11-24T21:00:00.123Z: `. */
const withoutTime = (words: string): string => words.replace(/^\d{4}-\d\d-\d\dT\S+: /, '').trim();
