import type { Made } from '../gateway/handles.ts';
import { describe, getWords, type KubeObject } from '../kube/objects.ts';
import { areGone, type Check, met, missing } from '../kube/wait.ts';
import type { Result } from './result.ts';
import { watched } from './watched.ts';

/** There is such an object, or comes to be. */
export const toBeThere = (made: Made): Promise<Result> =>
  judged(made, {
    until: 'to be there',
    timeout: made.setup.cluster.run.timeouts.accepted,
    check: (objects) => (objects.length > 0 ? met(undefined) : missing('there is none')),
    cause: 'the controller has not made it',
  });

/** There is no such object, or comes to be none. */
export const toBeGone = (made: Made): Promise<Result> =>
  judged(made, {
    until: 'to be gone',
    timeout: made.setup.cluster.run.timeouts.gone,
    check: areGone,
    cause: 'nothing collected it: it has no owner that is gone, or a finalizer holds it',
  });

interface Judging {
  until: string;
  timeout: number;
  check: (objects: KubeObject[]) => Check<undefined>;
  /** Why it may not come. */
  cause: string;
}

/** Passes when the wait does; notes the failure when its time was over. */
async function judged(
  { of, setup, selection }: Made,
  { until, timeout, check, cause }: Judging,
): Promise<Result> {
  const { kube } = setup.cluster;
  const outcome = await watched(kube, selection, { until, timeout, check, signal: of.signal });
  const step = { asked: describe(selection), wanted: until, attempts: outcome.looks };
  if ('met' in outcome) {
    const steps = [{ ...step, got: 'that', right: true }];
    return { pass: true, message: () => `waited for ${describe(selection)} ${until}`, steps };
  }
  const { asked, got, message } = outcome.late;
  of.fail({ expected: asked, got, cause, repro: kube.kubectl(`get ${getWords(selection)}`) });
  return {
    pass: false,
    message: () => `${message}\n  cause: ${cause}`,
    steps: [{ ...step, got, right: false }],
  };
}
