import type { Made } from '../gateway/handles.ts';
import { describe, getWords } from '../kube/objects.ts';
import { met, missing, WaitTimeout, waitFor, waitGone } from '../kube/wait.ts';
import type { Result } from './result.ts';

/** There is such an object, or comes to be. */
export function toBeThere({ of, setup, selection }: Made): Promise<Result> {
  const { kube, run } = setup.cluster;
  const what = describe(selection);
  return judged(
    { of, setup, selection },
    `${what} to be there`,
    'the controller has not made it',
    async () => {
      await waitFor(kube, selection, {
        until: 'to be there',
        timeout: run.timeouts.accepted,
        signal: of.signal,
        check: (objects) => (objects.length > 0 ? met(undefined) : missing('there is none')),
      });
    },
  );
}

/** There is no such object, or comes to be none. */
export function toBeGone({ of, setup, selection }: Made): Promise<Result> {
  const { kube, run } = setup.cluster;
  const cause = 'nothing collected it: it has no owner that is gone, or a finalizer holds it';
  return judged({ of, setup, selection }, `${describe(selection)} to be gone`, cause, () =>
    waitGone(kube, selection, run.timeouts.gone, of.signal),
  );
}

/** Passes when the wait does; notes the failure when its time was over. */
async function judged(
  { of, setup, selection }: Made,
  what: string,
  cause: string,
  wait: () => Promise<void>,
): Promise<Result> {
  try {
    await wait();
    return { pass: true, message: () => `waited for ${what}` };
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
    const repro = setup.cluster.kube.kubectl(`get ${getWords(selection)}`);
    of.fail({ expected: error.asked, got: error.got, cause, repro });
    return { pass: false, message: () => `${error.message}\n  cause: ${cause}` };
  }
}
