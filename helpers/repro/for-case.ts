import { join } from 'node:path';
import type { Case } from '../case.ts';
import { writeFiles } from '../diagnose/files.ts';
import { ApiError } from '../kube/errors.ts';
import type { Setup } from '../setup/setup.ts';
import { shownOf } from './questions.ts';
import { reproScript, rerunScript } from './script.ts';

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
  if (!wrong) return rerun('What came out wrong is nothing that curl or kubectl can ask');
  if ('unsayable' in wrong) return rerun(wrong.unsayable);
  const { setup: of } = 'view' in wrong ? wrong.view : wrong.ingress;
  try {
    return await reproScript(id, context, await of.fixtures(), { ...shownOf(wrong), got });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return rerun(`The fixtures were not to be had (${error.message})`);
  }
}
