import type { Failure, Step } from '../../reports/run.ts';
import type { Ingress } from '../edge/edge.ts';
import type { Result } from './result.ts';

/**
 * Notes why a case fails at an ingress, and says it.
 * @param asked its step, but for what came; and how long it was `tried`, where that tells something
 */
export function complain(
  { of, edge, road }: Pick<Ingress, 'of' | 'edge' | 'road'>,
  failure: Omit<Failure, 'evidence'>,
  { tried, steps }: { tried?: string; steps: Step[] },
): Result {
  of.fail(failure);
  const { evidence = [], next } = failure.diagnosis ?? {};
  return {
    pass: false,
    steps,
    message: () =>
      [
        `${edge.what} at ${road.what}`,
        `  expected: ${failure.expected}`,
        `  got:      ${failure.got}`,
        ...(tried === undefined ? [] : [`  tried:    ${tried}`]),
        `  cause:    ${failure.cause}`,
        ...evidence.map((line) => `            ${line}`),
        ...(next === undefined ? [] : [`  next:     ${next}`]),
        `  repro:    ${failure.repro}`,
      ].join('\n'),
  };
}

/** `in 1.2 s` */
export const within = (milliseconds: number): string => `in ${(milliseconds / 1_000).toFixed(1)} s`;
