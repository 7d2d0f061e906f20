import { isDeepStrictEqual } from 'node:util';
import type { Case } from '../case.ts';
import { describe, getWords, type KubeObject, type Ref } from '../kube/objects.ts';
import { met, missing } from '../kube/wait.ts';
import type { Setup } from '../setup/setup.ts';
import type { Result } from './result.ts';
import { watched } from './watched.ts';

/** An object, and what is read of it. */
export interface Reading {
  of: Case;
  setup: Setup;
  ref: Ref;
  tell: (object: KubeObject) => unknown;
}

/** What is read of the object is this, or comes to be. */
export async function toTell({ of, setup, ref, tell }: Reading, expected: unknown): Promise<Result> {
  const { kube, run } = setup.cluster;
  const what = describe(ref);
  const wanted = JSON.stringify(expected);
  const outcome = await watched(kube, ref, {
    until: `to tell ${wanted}`,
    timeout: run.timeouts.accepted,
    signal: of.signal,
    check: ([object]) => {
      if (!object) return missing('there is none');
      const told = tell(object);
      return isDeepStrictEqual(told, expected) ? met(undefined) : missing(JSON.stringify(told));
    },
  });
  const step = { asked: what, wanted, attempts: outcome.looks };
  if ('met' in outcome) {
    const steps = [{ ...step, got: wanted, right: true }];
    return { pass: true, message: () => `${what} tells ${wanted}`, steps };
  }
  const failure = {
    expected: `${what}: ${wanted}`,
    got: outcome.late.got,
    cause: 'who makes the object, or changes it, has made it otherwise',
    repro: kube.kubectl(`get ${getWords(ref)} -o yaml`),
  };
  of.fail(failure);
  return {
    pass: false,
    message: () =>
      `${what}\n  expected: ${wanted}\n  got:      ${failure.got}\n  cause:    ${failure.cause}\n  repro:    ${failure.repro}`,
    steps: [{ ...step, got: failure.got, right: false }],
  };
}
