/**
 * Something the user can mend: a missing tool, an unknown context, a fixture the API rejects.
 * The commands print it without a stack trace and exit with 2; nothing was changed when it is thrown
 * before a step that says so.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly asked: string;
  readonly got: string;
  override readonly cause: string;
  readonly next: string;

  /**
   * @param asked what was attempted, as a clause: `apply fixtures/x.yaml`
   * @param got what came back, verbatim where it is a program's or a server's own message
   * @param cause the likely cause in one sentence
   * @param next the command to type next, or what to change
   */
  constructor({ asked, got, cause, next }: { asked: string; got: string; cause: string; next: string }) {
    super(`${asked}: ${got}\n  likely cause: ${cause}\n  next: ${next}`);
    this.asked = asked;
    this.got = got;
    this.cause = cause;
    this.next = next;
  }
}
