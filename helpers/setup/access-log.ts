import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { readFixtures } from './fixtures.ts';

/**
 * Asks Istio for access logs of what runs in the namespaces; where there is no Istio, or the user may not ask, there are
 * none: they explain failures, and decide nothing. Settles when the API server has taken it.
 * @throws ApiError when it does not answer
 * @see https://istio.io/latest/docs/tasks/observability/logs/access-log/
 */
export async function askForAccessLogs(kube: Kube, namespaces: string[]): Promise<void> {
  const manifests = await readFixtures(['access-log']);
  await Promise.all(
    namespaces.flatMap((namespace) =>
      manifests.map(async ({ object }) => {
        try {
          await kube.apply({ ...object, metadata: { ...object.metadata, namespace } });
        } catch (error) {
          if (!(error instanceof ApiError) || (error.code !== 403 && error.code !== 404)) throw error;
        }
      }),
    ),
  );
}
