import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Problem } from '../../cluster/problem.ts';
import { emptyOutputs, outputs } from '../outputs.ts';
import { mergeJunit } from './junit.ts';
import type { ShardRun } from './merge.ts';

/** What is taken over as it is; the rest is merged, or written anew from the run. */
const taken = [outputs.allure, outputs.evidence, outputs.screenshots];

/**
 * Puts what the shards left behind into one folder, but for what is written from the run: JUnit with the cases of all,
 * Allure's results, evidence, screenshots. What an earlier run left there is taken away first, when all else is known
 * to be well.
 * @param parts the one whose id the run has comes first
 * @throws Problem when a shard's JUnit or Allure results are missing or cut short, or the folder is one of the shards'
 */
export function mergeFiles(parts: ShardRun[], out: string): void {
  demandOther(parts, out);
  const junit = mergeJunit(
    parts.map(({ from, run: { cases } }) => {
      const file = join(from, outputs.junit);
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return { from: file, text, cases: cases.length };
    }),
  );
  for (const part of parts) demandAllure(part);
  emptyOutputs(out);
  writeFileSync(join(out, outputs.junit), junit);
  for (const name of taken) {
    for (const { from } of parts) copy(join(from, name), join(out, name));
  }
}

/** Evidence, screenshots and results have names of their own; a file that several shards have is about the target. */
function copy(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true, force: false });
}

function demandOther(parts: ShardRun[], out: string): void {
  const same = parts.find(({ from }) => resolve(from) === resolve(out));
  if (!same) return;
  throw new Problem({
    asked: `put the shards together in ${out}`,
    got: 'it is the folder of one of them',
    cause: 'the folder is emptied first',
    next: 'name another one with --out',
  });
}

/** @throws Problem when not every case that began can have a result */
function demandAllure({ from, run }: ShardRun): void {
  const folder = join(from, outputs.allure);
  const results = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('-result.json'))
    : [];
  const judged = run.cases.filter(({ verdict }) => verdict === 'passed' || verdict === 'failed').length;
  const broken = results.find((name) => !isJson(join(folder, name)));
  if (results.length >= judged && broken === undefined) return;
  throw new Problem({
    asked: `read the Allure results in ${folder}`,
    got:
      broken === undefined
        ? `${results.length} results, and ${judged} cases have passed or failed`
        : `${broken} is no JSON`,
    cause: 'the folder was not handed on whole, or the disk was full',
    next: 'run that shard anew, or hand its folder on again',
  });
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}
