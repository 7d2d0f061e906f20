import { createHash } from 'node:crypto';
import { sameLine } from '../regression/targets.ts';
import type { CaseResult, Run } from '../run.ts';
import { identityOf, statusOf, uuidOf } from './result.ts';

/**
 * What Allure keeps of earlier runs, a line each, made from the history that every run is appended to: whatever is
 * merged into that one, Allure shows, and a report that is built twice counts once.
 * @param runs any; those count that came before, of the same implementation on the same cluster
 * @param most of them, the newest
 */
export function allureHistory(runs: Run[], now: Run, most: number): string {
  const earlier = runs.filter((run) => run.id < now.id && sameLine(run, now));
  return earlier
    .slice(-most)
    .map((run) => `${JSON.stringify(pointOf(run))}\n`)
    .join('');
}

function pointOf(run: Run): object {
  return {
    uuid: run.id,
    name: run.target.versions.implementation,
    timestamp: Date.parse(run.endedAt),
    knownTestCaseIds: run.cases.map(({ id }) => testCaseId(id)),
    testResults: Object.fromEntries(run.cases.map((one) => [historyId(one.id), itemOf(one, run)])),
    metrics: {},
    url: '',
  };
}

function itemOf(one: CaseResult, run: Run): object {
  const start = Date.parse(run.firstCaseAt ?? run.readyAt);
  return {
    id: uuidOf(run, one.id),
    name: one.title,
    fullName: one.id,
    environment: 'default',
    status: statusOf(one) ?? 'unknown',
    ...(one.reason !== undefined && { error: { message: one.reason } }),
    start,
    stop: start + one.durationMs,
    duration: one.durationMs,
    labels: [],
    url: '',
    historyId: historyId(one.id),
    reportLinks: [],
  };
}

/** As Allure makes them of what resultOf writes: a case without parameters. */
const testCaseId = (id: string): string => md5(identityOf(id).testCaseId);
const historyId = (id: string): string => `${testCaseId(id)}.${md5('')}`;
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
