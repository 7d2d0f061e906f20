import type { Judged } from '../conformance/official.ts';

/** What the official suite said of one of its cases. */
export interface OfficialVerdict {
  /** Its short name. */
  name: string;
  verdict: Judged;
  seconds: number;
  /** Why it failed or was skipped, in its own words; absent where it gave none. */
  reason?: string;
}

const verdicts: Record<string, Judged> = { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' };

const heading = /^=== (?:RUN|CONT|NAME) +(\S+)/;
const result = /^ {4}--- (PASS|FAIL|SKIP): [^/\s]+\/([^/\s]+) \((\d+(?:\.\d+)?)s\)$/;
/** `    helpers.go:123: ` begins a message of a test. */
const logged = /^ +[\w.-]+\.go:\d+: ?(.*)$/;
/** A field of testify's messages, and a further line of one. */
const field = /^ *\t([A-Z][a-z]+(?: [A-Z][a-z]+)?):\s+\t?(.*)$/;
const further = /^ *\t {12}\t(.*)$/;

/** What a case has said so far. */
interface Said {
  last?: string;
  /** Testify's fields `Error` and `Messages`. */
  failed: string[];
}

/**
 * Reads what the official suite's test binary prints with `-test.v`, line by line: the format of `go test -v`, in which
 * cases that run at the same time take turns.
 */
export class OfficialOutput {
  readonly #said = new Map<string, Said>();
  /** The case whose words come now. */
  #speaks: string | undefined;
  #field: string | undefined;

  /** @returns the verdict that the line holds, if it holds one of an official case */
  read(line: string): OfficialVerdict | undefined {
    const [, test] = heading.exec(line) ?? [];
    if (test !== undefined) {
      this.#speaks = test.split('/')[1];
      this.#field = undefined;
      return undefined;
    }
    const [, mark, name, seconds] = result.exec(line) ?? [];
    if (mark !== undefined && name !== undefined) {
      const verdict = verdicts[mark] as Judged;
      const reason = verdict === 'passed' ? undefined : this.#reasonOf(name, verdict);
      return { name, verdict, seconds: Number(seconds), ...(reason && { reason }) };
    }
    if (this.#speaks !== undefined) this.#note(this.#speaks, line);
    return undefined;
  }

  #note(name: string, line: string): void {
    const said = this.#said.get(name) ?? { failed: [] };
    this.#said.set(name, said);
    const [, message] = logged.exec(line) ?? [];
    if (message !== undefined) {
      this.#field = undefined;
      if (message.trim() !== '') said.last = withoutTime(message);
      return;
    }
    const [, title, text] = field.exec(line) ?? [];
    if (title !== undefined) this.#field = title;
    const words = (text ?? further.exec(line)?.[1] ?? '').trim();
    if (words !== '' && (this.#field === 'Error' || this.#field === 'Messages')) said.failed.push(words);
  }

  #reasonOf(name: string, verdict: Judged): string | undefined {
    const { failed = [], last } = this.#said.get(name) ?? {};
    return verdict === 'failed' && failed.length > 0 ? failed.join(' ') : last;
  }
}

/** The suite puts the time before what it logs: `2026-11-24T21:00:00.123Z: `. */
const withoutTime = (message: string): string => message.replace(/^\d{4}-\d\d-\d\dT\S+: /, '').trim();
