import { isDeepStrictEqual } from 'node:util';
import { type Foreign, listAt } from '../gateway/foreign.ts';
import { describe, getWords } from '../kube/objects.ts';
import type { Result } from './result.ts';

/**
 * The entry is in the list as it was written, with time and generation. Looked at once: to be asked when the controller
 * has written the status after it.
 */
export async function toBeKept({ of, setup, ref, list, entry }: Foreign): Promise<Result> {
  const { kube } = setup.cluster;
  const entries = listAt(await kube.get(ref), list);
  const where = `${list} of ${describe(ref)}`;
  const step = { asked: where, wanted: JSON.stringify(entry), attempts: 1 };
  if (entries.some((each) => isDeepStrictEqual(each, entry)))
    return {
      pass: true,
      message: () => `kept in ${where}`,
      steps: [{ ...step, got: 'that', right: true }],
    };
  const failure = {
    expected: `in ${where}: ${step.wanted}`,
    got: entries.map((each) => JSON.stringify(each)).join('\n            ') || 'no entry at all',
    cause: 'the controller writes the whole list, and not only what is its own',
    repro: kube.kubectl(`get ${getWords(ref)} -o yaml`),
  };
  of.fail(failure);
  return {
    pass: false,
    steps: [{ ...step, got: failure.got, right: false }],
    message: () =>
      `What another controller wrote was not kept\n  expected: ${failure.expected}\n  got:      ${failure.got}\n  cause:    ${failure.cause}\n  repro:    ${failure.repro}`,
  };
}
