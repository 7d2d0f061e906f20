import type { Condition, KubeObject } from '../../helpers/kube/objects.ts';
import { met, missing, WaitTimeout, waitFor } from '../../helpers/kube/wait.ts';
import { installGatewayApi } from '../gateway-api/install.ts';
import { installIstio } from '../istio/install.ts';
import { type Cluster, connect } from '../preflight/connect.ts';
import type { Connection } from '../preflight/connection.ts';
import { type Expected, runChecks } from '../preflight/index.ts';
import { istioRevisions } from '../preflight/istio.ts';
import { Missing } from '../preflight/missing.ts';
import { isAdministrator } from '../preflight/rights.ts';
import { Problem } from '../problem.ts';

const GATEWAY_API = 'gateway.networking.k8s.io/v1';

/** Milliseconds that the API server gets to serve kinds whose CRDs are established. */
const SERVED_WITHIN = 30_000;

/** Milliseconds that istiod gets to make and accept its GatewayClass. */
const ACCEPTED_WITHIN = 60_000;

/**
 * Installs what the cluster lacks: the Gateway API CRDs where there are none, and Istio's minimal profile where
 * the class `istio` is asked for and no istiod runs. What is there is left as it is.
 *
 * @param say is told what is about to be installed, a line each
 * @throws Problem before anything was changed when something is wrong that this cannot mend, or the user is no
 *   administrator; afterwards when an installation fails
 */
export async function provision(
  connection: Connection,
  expected: Expected,
  say: (line: string) => void,
): Promise<void> {
  const cluster = await connect(connection);
  try {
    const { problems } = await runChecks(cluster, expected);
    const beyond = problems.find((problem) => !(problem instanceof Missing));
    if (beyond) throw beyond;
    if (problems.length === 0) return;
    await demandAdministrator(cluster);

    if (problems.some((problem) => problem instanceof Missing && problem.part === 'gateway-api')) {
      say(
        `installs the Gateway API CRDs (${expected.channel ?? 'experimental'} channel) in context ${connection.context}`,
      );
      await installGatewayApi({ ...connection, channel: expected.channel });
      await waitUntilServed(cluster);
    }
    if (expected.gatewayClass !== 'istio') return;
    if ((await istioRevisions(cluster)).length === 0) {
      say(`installs Istio (minimal profile) in context ${connection.context}`);
      await installIstio(connection);
    }
    await waitForClass(cluster, expected.gatewayClass);
  } finally {
    await cluster.kube.close();
  }
}

async function demandAdministrator(cluster: Cluster): Promise<void> {
  if (await isAdministrator(cluster)) return;
  throw new Problem({
    asked: `install what is missing in context "${cluster.connection.context}"`,
    got: 'its user may not do everything (verb *, resource *)',
    cause: 'CRDs and the roles of Istio can be installed by an administrator of the cluster only',
    next: 'run it once with a context whose user is bound to cluster-admin',
  });
}

/** An API server that has just established a CRD may refuse its kind for a while: its storage initializes. */
async function waitUntilServed({ kube }: Cluster): Promise<void> {
  const served = { until: 'to be served', timeout: SERVED_WITHIN, check: () => met(undefined) };
  await Promise.all(
    ['GatewayClass', 'Gateway', 'HTTPRoute'].map((kind) =>
      waitFor(kube, { apiVersion: GATEWAY_API, kind }, served),
    ),
  );
}

/** Gives the controller its time; what it did not do in it the preflight that follows puts into words. */
async function waitForClass({ kube }: Cluster, name: string): Promise<void> {
  try {
    await waitFor(
      kube,
      { apiVersion: GATEWAY_API, kind: 'GatewayClass', name },
      {
        until: 'to be accepted',
        timeout: ACCEPTED_WITHIN,
        check: ([found]) =>
          found && isAccepted(found) ? met(undefined) : missing('no condition Accepted=True'),
      },
    );
  } catch (error) {
    if (!(error instanceof WaitTimeout)) throw error;
  }
}

function isAccepted({ metadata, status }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: Condition[] };
  return conditions.some(
    (condition) =>
      condition.type === 'Accepted' &&
      condition.status === 'True' &&
      condition.observedGeneration === metadata.generation,
  );
}
