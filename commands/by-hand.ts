import { delimiter, join } from 'node:path';
import { which } from 'zx';
import { binaries } from '../cluster/build/go.ts';
import { explain, shell } from '../cluster/shell.ts';
import type { Target } from '../cluster/target.ts';
import { readByHand } from '../reports/bench/by-hand.ts';
import type { Taken } from '../reports/bench/figures.ts';

const root = join(import.meta.dirname, '..');
/** kubectl is among the managed cluster's tools. */
const path = [binaries('tools'), process.env.PATH].join(delimiter);

/** @returns which of the programs of the task this machine has not */
export async function lackedByHand(): Promise<string[]> {
  const found = await Promise.all(
    ['bash', 'curl', 'kubectl'].map(async (name) => ({
      name,
      at: await which(name, { path, nothrow: true }),
    })),
  );
  return found.filter(({ at }) => at === null).map(({ name }) => name);
}

/**
 * Goes through the task as its text has it, by kubectl and curl in a shell script. Settles when all of it is deleted.
 * @param namespace that is there, and is gone afterwards
 * @throws Problem with what the script said last when something did not come out as the task says
 */
export async function byHand(target: Target, namespace: string): Promise<Taken> {
  const { context, kubeconfig, gatewayClass: ofGateways } = target;
  const start = performance.now();
  let firstVerdict: number | undefined;
  const $ = shell('bench', { KUBECONFIG: kubeconfig, PATH: path }, (line) => {
    if (/^[✓✗]/.test(line)) firstVerdict ??= (performance.now() - start) / 1_000;
  });
  const words = ['commands/by-hand.sh', context, namespace, ofGateways, 'fixtures/httpbin.yaml'];
  const ended = await $({ cwd: root, nothrow: true })`bash ${words}`;
  const seconds = (performance.now() - start) / 1_000;
  if (ended.exitCode !== 0) throw explain('bench', 'go through the task by hand', ended);
  return { seconds, ...(firstVerdict !== undefined && { firstVerdict }), ...readByHand(ended.stdout) };
}
