import { writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { inCache } from '../cache.ts';
import { shell } from '../shell.ts';
import type { Target } from '../target.ts';

interface OfficialRun {
  target: Target;
  /** Features of the implementation, by the names that the suite's release gives them. */
  features: string[];
  /** Short names of the cases that are left out. */
  skip: string[];
  /** `key=value`, carried by every namespace that it makes. */
  label: string;
  /** Its own conformance report, where one is wanted. */
  report?: { file: string; profiles: string[] };
}

/**
 * Runs the official suite's test binary, with its own timeouts, and has it take away what it made. Settles when it has
 * ended, however that was.
 * @param onLine called with every line of its output
 * @returns its exit code; null when a signal ended it
 */
export async function runOfficialSuite(
  program: string,
  { target, features, skip, label, report }: OfficialRun,
  onLine: (line: string) => unknown,
): Promise<number | null> {
  // its client knows no option for the context: the first file that names a current one counts
  const choice = inCache('official', 'context.yaml');
  await writeFile(
    choice,
    JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': target.context }),
  );
  const options = [
    '-test.v',
    '-test.run=^TestConformance$',
    `--gateway-class=${target.gatewayClass}`,
    `--supported-features=${features.join(',')}`,
    `--skip-tests=${skip.join(',')}`,
    `--namespace-labels=${label}`,
    '--cleanup-base-resources=true',
    ...addressOptions(target),
    ...reportOptions(target, report),
  ];
  const $ = shell('official', { KUBECONFIG: [choice, target.kubeconfig].join(delimiter) }, onLine);
  return (await $({ nothrow: true })`${program} ${options}`).exitCode;
}

/**
 * What GatewayStaticAddresses is run with. Istio takes names of Services: one that the suite makes, and one that is not
 * there, as its own conformance test has it.
 */
function addressOptions({ implementation }: Target): string[] {
  if (implementation.project !== 'istio') return [];
  return [
    '--usable-address=infra-backend-v1.gateway-conformance-infra.svc.cluster.local',
    '--unusable-address=foo',
  ];
}

/** It refuses to report on an implementation of which it is not told everything. */
function reportOptions(target: Target, report: OfficialRun['report']): string[] {
  const { organization, project, url, version, contact } = target.implementation;
  if (!report || !organization || !project || !url || !version || !contact) return [];
  return [
    `--report-output=${report.file}`,
    `--conformance-profiles=${report.profiles.join(',')}`,
    `--organization=${organization}`,
    `--project=${project}`,
    `--url=${url}`,
    `--version=${version}`,
    `--contact=${contact.join(',')}`,
  ];
}
