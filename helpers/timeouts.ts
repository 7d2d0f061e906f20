import { Problem } from '../cluster/problem.ts';

/** Every deadline the suites know, in milliseconds. The one table: nothing else in the project names a duration. */
export const defaultTimeouts = {
  /** One request to the Kubernetes API. */
  api: 10_000,
  /** The Kubernetes API in the midst of a run: no answer → answers again. */
  away: 60_000,
  /** Pods of a backend: created → ready. A pod that cannot become ready is reported sooner, with its own reason. */
  ready: 60_000,
  /** Gateway or route: applied → Accepted (or the condition that is asked for) for its present generation. */
  accepted: 60_000,
  /** Gateway: applied → Programmed. */
  programmed: 60_000,
  /** Gateway: Programmed → an address in its status. */
  address: 30_000,
  /** Traffic: first request → right, several times in a row. */
  answer: 30_000,
  /** A case that is known to fail on the target: first request, or first look at a status → right after all. */
  known: 5_000,
  /** Traffic that is split: first request → enough answers to judge their shares, some hundreds. */
  shares: 60_000,
  /** One TCP connect. Short: until a gateway's pod is ready connects hang, and the next try succeeds at once. */
  connect: 500,
  /** One request, connect included; longer than the slowest answer that a case asks for. */
  request: 5_000,
  /** A browser: started → takes commands. */
  browser: 20_000,
  /** One page in a browser: address typed → loaded, and drawn for a screenshot. */
  page: 10_000,
  /** A backend's log: answer received → its line read. */
  log: 5_000,
  /** What the cluster tells of a failure: asked → written down, or left. */
  evidence: 30_000,
  /** Pods of the run for which no node has room: a deadline passed → there is room. Other cases end, and take theirs away. */
  room: 300_000,
  /** Another run that has Ingresses in the cluster: met → ended. */
  turn: 600_000,
  /** Deletion: asked → gone. */
  gone: 60_000,
};

export type Timeouts = typeof defaultTimeouts;

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000 };

/**
 * Reads `programmed=60s,address=500ms,gone=2m` over the defaults.
 * @param text as in `--timeouts` or CONFORMANCE_TIMEOUTS; an empty text gives the defaults
 * @returns the whole table, in milliseconds
 * @throws Problem for an unknown name, a missing unit, zero or a negative value, or a name given twice
 */
export function parseTimeouts(text: string): Timeouts {
  const timeouts = { ...defaultTimeouts };
  const seen = new Set<string>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, name, amount, unit] = /^(\w+)\s*=\s*(\d+(?:\.\d+)?)\s*(ms|s|m)$/.exec(entry) ?? [];
    if (!name || !amount || !unit || Number(amount) === 0) {
      throw complain(
        text,
        `"${entry}"`,
        'an entry is NAME=DURATION, the duration more than zero with its unit',
      );
    }
    if (!Object.hasOwn(timeouts, name)) {
      throw complain(
        text,
        `"${name}"`,
        `there is no such timeout; known: ${Object.keys(timeouts).join(', ')}`,
      );
    }
    if (seen.has(name)) throw complain(text, `"${name}" twice`, 'each timeout can be given once');
    seen.add(name);
    timeouts[name as keyof Timeouts] = Number(amount) * (units[unit] as number);
  }
  return timeouts;
}

function complain(text: string, got: string, cause: string): Problem {
  return new Problem({
    asked: `read the timeouts "${text}"`,
    got,
    cause,
    next: 'write them like --timeouts programmed=90s,connect=800ms',
  });
}
