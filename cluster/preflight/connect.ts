import { Kube } from '../../helpers/kube/client.ts';
import { ApiError } from '../../helpers/kube/errors.ts';
import { Problem } from '../problem.ts';
import { type Connection, kubectlOptions } from './connection.ts';
import { credentialsProblem, refusedProblem } from './credentials.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { networkFailure } from './network.ts';

/** A cluster that has answered once. */
export interface Cluster {
  connection: Connection;
  kube: Kube;
  /** Who the API server takes us for. */
  user: string;
  /** Version of the API server, such as v1.36.3. */
  kubernetes: string;
}

/** Longest time, in milliseconds, from asking to knowing that a cluster does not answer. */
const ANSWER_WITHIN = 5_000;

/**
 * Reaches the cluster of a context: kubeconfig, credentials (a credential plugin is run once), who we are, version.
 *
 * @returns within 5 s after the credential plugin, which has 5 s of its own
 * @throws Problem within the same time: bad kubeconfig or context, a credential plugin that is missing, fails or hangs,
 *   no answer (refused, timed out, unknown name, TLS), an answer that is not Kubernetes', refused credentials
 */
export async function connect(connection: Connection): Promise<Cluster> {
  const asked = `connect to context "${connection.context}"`;
  const config = loadKubeconfig(connection);
  const server = config.getCurrentCluster()?.server ?? '';
  const kube = new Kube(connection, ANSWER_WITHIN);
  try {
    // apart from the first request, so that a plugin that fails is not taken for a server that does
    await kube.config.applyToHTTPSOptions({});
  } catch (error) {
    throw credentialsProblem(asked, connection, kube.config.getCurrentUser(), error);
  }
  const late = AbortSignal.timeout(ANSWER_WITHIN);
  try {
    // First who we are: to an anonymous user the server answers once, and then closes the connection.
    const user = await until(late, whoAmI(kube));
    const version = await until(late, kube.send<{ gitVersion?: string }>('GET', '/version'));
    if (typeof version.gitVersion !== 'string') {
      throw strangerProblem(asked, connection, server, 'its answer to /version has no gitVersion');
    }
    return { connection, kube, user, kubernetes: version.gitVersion };
  } catch (error) {
    await kube.close();
    if (error instanceof Problem) throw error;
    if (error instanceof ApiError && (error.code === 401 || error.code === 403)) {
      throw refusedProblem(asked, connection, config.getCurrentUser(), error);
    }
    const failure = networkFailure(error);
    if (failure) {
      throw new Problem({
        asked: `${asked} at ${server}`,
        ...failure,
        next: `kubectl version ${kubectlOptions(connection)}`,
      });
    }
    if (error instanceof ApiError && error.code >= 500) {
      throw new Problem({
        asked: `${asked} at ${server}`,
        got: error.message,
        cause: 'the API server, or the load balancer before it, is up but not ready',
        next: `kubectl get --raw /readyz?verbose ${kubectlOptions(connection)}`,
      });
    }
    throw strangerProblem(asked, connection, server, (error as Error).message.trim());
  }
}

/** The name by which the API server knows us; before Kubernetes 1.28 the one in the kubeconfig. */
async function whoAmI(kube: Kube): Promise<string> {
  const inKubeconfig = kube.config.getCurrentUser()?.name || 'anonymous';
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  try {
    const review = await kube.send<{ status?: { userInfo?: { username: string } } }>('POST', path, { body });
    return review.status?.userInfo?.username ?? inKubeconfig;
  } catch (error) {
    if (error instanceof ApiError && (error.code === 404 || error.code === 405)) return inKubeconfig;
    throw error;
  }
}

function strangerProblem(asked: string, connection: Connection, server: string, got: string): Problem {
  return new Problem({
    asked: `${asked} at ${server}`,
    got,
    cause: /HTTP request to an HTTPS server/.test(got)
      ? 'that port speaks TLS: the server in the kubeconfig has to start with https://'
      : 'what answers at that address is not a Kubernetes API server',
    next: `kubectl config view --minify ${kubectlOptions(connection)}`,
  });
}

/** Settles with the work, or rejects with the signal's TimeoutError when that comes first. */
async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
