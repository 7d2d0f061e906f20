import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../cluster/problem.ts';
import { outputs } from '../outputs.ts';
import type { Run } from '../run.ts';
import { complaints } from '../write.ts';
import { readHistory } from './history.ts';
import { implementationOf } from './targets.ts';

/**
 * The run that is meant by a name: a run.json, a folder that has one, another history (its last run), the id of a run
 * of the history, or a version of implementation, Gateway API or Kubernetes: its last run there, one of all cases that
 * was not interrupted before any other.
 * @param history oldest run first
 * @throws Problem when there is none, or the file holds none
 */
export function chooseRun(name: string, history: Run[]): Run {
  if (existsSync(name)) return runAt(name);
  const byId = history.findLast(({ id }) => id === name);
  if (byId) return byId;
  const ofVersion = history.filter((run) => hasVersion(run, name));
  const found = ofVersion.findLast(isWhole) ?? ofVersion.at(-1);
  if (found) return found;
  throw new Problem({
    asked: `find the run "${name}"`,
    got: `no file or folder has this name, and none of the ${history.length} runs of the history has this id or version`,
    cause: 'it is mistyped, or was run with another history',
    next: 'npm run report -- history, which lists the runs',
  });
}

/** @throws Problem when the history has less than two */
export function lastTwo(history: Run[], file: string): [Run, Run] {
  const [old, now] = history.slice(-2);
  if (old && now) return [old, now];
  throw new Problem({
    asked: 'compare the last two runs',
    got: `${file} has ${history.length}`,
    cause: 'every npm test appends its run there, and too few were made here',
    next: 'npm test, or name two runs: npm run report -- compare OLD NEW',
  });
}

/** @throws Problem when there is none, or it is cut short */
export function runAt(path: string): Run {
  if (path.endsWith('.jsonl')) {
    const last = readHistory(path).runs.at(-1);
    if (last) return last;
    throw notRead(path, 'it holds no run', 'no run was ever appended, or its only line was cut short');
  }
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, outputs.run) : path;
  if (!existsSync(file)) {
    throw notRead(
      path,
      `there is no ${outputs.run} in it`,
      'the run was killed, or has not ended: it has no verdict',
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw notRead(file, (error as Error).message, 'it is cut short, or is no run.json: it has no verdict');
  }
  const [wrong] = complaints(value);
  if (wrong === undefined) return value as Run;
  throw notRead(file, wrong, 'it is no run.json, or one of a format that this version does not know');
}

/** `1.31`, `v1.31.0` and `Istio 1.31` all name 1.31.0; `1.3` does not. */
function hasVersion(run: Run, name: string): boolean {
  const { kubernetes, gatewayApi, implementation } = run.target.versions;
  const said = [implementation, implementationOf(run).version ?? '', gatewayApi.version, kubernetes];
  const wanted = plain(name);
  return said.map(plain).some((each) => each === wanted || /^[.-]/.test(rest(each, wanted)));
}

const plain = (text: string): string => text.toLowerCase().replace(/^v(?=\d)/, '');
const rest = (text: string, start: string): string =>
  text.startsWith(start) ? text.slice(start.length) : '';

const isWhole = ({ filters, interrupted }: Run): boolean => filters.length === 0 && interrupted === undefined;

const notRead = (path: string, got: string, cause: string): Problem =>
  new Problem({
    asked: `read the run ${path}`,
    got,
    cause,
    next: 'npm test writes reports/out/run.json anew',
  });
