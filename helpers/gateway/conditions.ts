import type { Condition } from '../kube/objects.ts';

/**
 * A condition in one line: `False NotAllowedByListeners`, with the status first and the reason after it. One that
 * was written for an older generation of its object says so, and so matches nothing.
 */
function conditionLine({ status, reason, observedGeneration }: Condition, generation: number): string {
  const line = reason === undefined ? status : `${status} ${reason}`;
  return observedGeneration === generation
    ? line
    : `${line} (of generation ${observedGeneration ?? 'none'}, the object is at ${generation})`;
}

/** All conditions by type, each in one line. */
export function conditionLines(
  conditions: Condition[] | undefined,
  generation: number,
): Record<string, string> {
  return Object.fromEntries(
    (conditions ?? []).map((condition) => [condition.type, conditionLine(condition, generation)]),
  );
}

/** `Accepted: True Accepted; Programmed: False AddressNotAssigned "…"`, for messages. */
export function conditionSummary(conditions: Condition[] | undefined, generation: number): string {
  if (!conditions?.length) return 'no condition yet';
  return conditions
    .map((condition) => {
      const said = condition.status === 'True' || !condition.message ? '' : ` "${condition.message}"`;
      return `${condition.type}: ${conditionLine(condition, generation)}${said}`;
    })
    .join('; ');
}

/** Types of the conditions that are not for the present generation; where there is none at all, that is said. */
export function outdatedConditions(conditions: Condition[] | undefined, generation: number): string[] {
  if (!conditions?.length) return ['no condition yet'];
  return conditions
    .filter(({ observedGeneration }) => observedGeneration !== generation)
    .map(({ type }) => type);
}

/** Whether the condition is True for the present generation of its object. */
export function isTrue(conditions: Condition[] | undefined, type: string, generation: number): boolean {
  return (conditions ?? []).some(
    (condition) =>
      condition.type === type && condition.status === 'True' && condition.observedGeneration === generation,
  );
}
