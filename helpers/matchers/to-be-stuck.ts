import type { Case } from '../case.ts';
import { describe, getWords, type Ref } from '../kube/objects.ts';
import { WaitTimeout } from '../kube/wait.ts';
import { BackendStuck, deploymentReady } from '../pods/ready.ts';
import type { Setup } from '../setup/setup.ts';
import type { Result } from './result.ts';

/** A backend of the fixtures. */
export interface Backend {
  of: Case;
  setup: Setup;
  ref: Ref & { namespace: string };
}

/** The backend cannot become ready, and its pod's own reason, which matches, is told before the time is over. */
export async function toBeStuck({ of, setup, ref }: Backend, reason: RegExp): Promise<Result> {
  const { kube, run } = setup.cluster;
  const got = await deploymentReady(kube, ref, { timeout: run.timeouts.ready, signal: of.signal }).then(
    () => 'it is ready',
    (error: unknown) => {
      if (error instanceof BackendStuck || error instanceof WaitTimeout) return error;
      throw error;
    },
  );
  const what = describe(ref);
  const step = { asked: what, wanted: `to be stuck: ${reason}` };
  if (got instanceof BackendStuck && reason.test(got.message))
    return {
      pass: true,
      message: () => `${what} is stuck: ${got.message}`,
      steps: [{ ...step, got: got.message, right: true }],
    };
  const failure = {
    expected: `${what} to be stuck: ${reason}`,
    got: typeof got === 'string' ? got : got.message,
    cause: 'the pod could start, or what its status says was not read',
    repro: kube.kubectl(`describe ${getWords(ref)}`),
  };
  of.fail(failure);
  return {
    pass: false,
    steps: [{ ...step, got: failure.got, right: false }],
    message: () => `${what}\n  expected: ${reason}\n  got:      ${failure.got}\n  cause:    ${failure.cause}`,
  };
}
