import { join } from 'node:path';
import type { Case } from '../case.ts';
import { writeFiles } from '../diagnose/files.ts';
import type { Ingress } from '../edge/edge.ts';
import { ApiError } from '../kube/errors.ts';
import { asksForEndpoints } from '../setup/endpoints.ts';
import type { Setup } from '../setup/setup.ts';
import type { Expected } from '../traffic/exchange.ts';
import type { Request } from '../traffic/request.ts';
import { reproScript, rerunScript, type Wrong } from './script.ts';

/** What was asked of an ingress, and what had to come. */
export interface Asking {
  ingress: Pick<Ingress, 'setup' | 'edge' | 'port' | 'road' | 'over'>;
  request: Request;
  expected: Expected;
}

/**
 * Writes a script that shows why the case fails, beside its evidence.
 * @param setup what the case stands on
 * @param got what came, in a line
 * @returns its path, relative to the run's folder
 */
export async function reproFor(
  of: Pick<Case, 'id' | 'wrong'>,
  { setup, got }: { setup: Setup; got: string },
): Promise<string[]> {
  const { run } = setup.cluster;
  const folder = join('evidence', of.id);
  const text = await textFor(of, setup, got);
  const files = await writeFiles(join(run.out, folder), [{ name: 'repro.sh', text, isScript: true }]);
  return files.map((file) => join(folder, file));
}

async function textFor(
  { id, wrong }: Pick<Case, 'id' | 'wrong'>,
  setup: Setup,
  got: string,
): Promise<string> {
  const { context } = setup.cluster.target;
  const rerun = (why: string): string => rerunScript(id, context, why);
  if (!wrong) return rerun('What came out wrong is nothing that curl can ask');
  const { ingress, request, expected } = wrong;
  if (ingress.over) return rerun('It was asked over a connection that was held open, which curl cannot do');
  try {
    const fixtures = await ingress.setup.fixtures();
    if (fixtures.manifests.some(({ object }) => asksForEndpoints(object)))
      return rerun('Its fixtures have endpoints that a run fills in');
    return await reproScript(id, context, fixtures, { request, expected, got, to: wayTo(ingress) });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return rerun(`The fixtures were not to be had (${error.message})`);
  }
}

function wayTo({ edge, port, road }: Asking['ingress']): Wrong['to'] {
  if (!road.byHand) return { addressOf: edge.addressed, port };
  const { service, port: of } = road.byHand;
  const { namespace = '', name } = service.metadata;
  return { forward: { namespace, name }, port: of };
}
