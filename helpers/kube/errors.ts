/** metav1.Status, as the API server sends it with every refusal. */
export interface Status {
  code?: number;
  reason?: string;
  message?: string;
}

/** The API server refused a request, or did not answer it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 when no answer came. */
  readonly code: number;
  /** The server's own reason (`Forbidden`, `NotFound`), or the system's (`ECONNREFUSED`, `TimeoutError`). */
  readonly reason: string;
  /** The server's own words. */
  readonly said: string;
  /** Milliseconds after which an overloaded server, which has done nothing yet, wants to be asked again. */
  readonly retryAfter: number | undefined;
  /** As from a server that is away, starts or ends: no answer, or none but that it cannot answer now. */
  readonly away: boolean;

  constructor(asked: string, code: number, status: Status, cause?: unknown, retryAfter?: number) {
    const reason = status.reason ?? '';
    const said = status.message ?? '';
    super(`${asked}: ${[code || 'no answer', reason].join(' ').trim()}${said ? `: ${said}` : ''}`, { cause });
    this.code = code;
    this.reason = reason;
    this.said = said;
    this.retryAfter = retryAfter;
    this.away = [0, 429, 503, 504].includes(code);
  }

  /** The connection ended before an answer came, and not for want of time or of a server. */
  get broken(): boolean {
    return this.code === 0 && !['TimeoutError', 'ECONNREFUSED'].includes(this.reason);
  }

  /** No server took the connection, so that nothing was done of what was asked. */
  get unsent(): boolean {
    return (
      this.code === 0 &&
      (this.reason === 'ECONNREFUSED' || this.said.includes('before secure TLS connection was established'))
    );
  }

  /**
   * The server has to ask somebody's webhook first, and that one is away, as it is while a controller starts anew: nothing
   * was done.
   * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
   */
  get webhookAway(): boolean {
    return (
      this.code === 500 &&
      /failed to call webhook: .*(connection refused|connection reset|no endpoints|no route|deadline exceeded|timeout|EOF)/.test(
        this.said,
      )
    );
  }

  /** Worth asking again: no answer, too many requests, or an error on the server's side. */
  get transient(): boolean {
    return this.code === 0 || this.code === 429 || this.code >= 500;
  }
}

/** Makes an ApiError of what a failed connection threw. */
export function unanswered(asked: string, error: unknown): ApiError {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  const { code, name, message } = root as Error & { code?: string };
  return new ApiError(asked, 0, { reason: typeof code === 'string' ? code : name, message }, error);
}
