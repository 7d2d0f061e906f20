import { type Area, featuresOf, type GatewayApiRelease } from '../../cluster/features/names.ts';
import type { Implementation } from '../../cluster/target.ts';
import type { CatalogueCase } from '../catalogue.ts';
import type { Run } from '../run.ts';
import { type Judged, type OfficialCase, officialCases, officialVerdicts } from './official.ts';
import profiles from './profiles.json' with { type: 'json' };

type Result = 'success' | 'partial' | 'failure';

interface Status {
  result: Result;
  statistics: { Passed: number; Failed: number; Skipped: number };
  /** Short names of official cases. */
  failedTests?: string[];
  skippedTests?: string[];
}

interface ExtendedStatus extends Status {
  supportedFeatures?: string[];
  unsupportedFeatures?: string[];
}

interface ProfileReport {
  name: string;
  summary: string;
  core: Status;
  extended?: ExtendedStatus;
}

/**
 * What an implementation hands in to Gateway API's reports directory.
 * @see https://github.com/kubernetes-sigs/gateway-api/tree/main/conformance/reports
 */
export interface ConformanceReport {
  apiVersion: 'gateway.networking.k8s.io/v1';
  kind: 'ConformanceReport';
  date: string;
  gatewayAPIVersion: string;
  gatewayAPIChannel: string;
  mode: string;
  implementation: Omit<Required<Implementation>, 'mode'>;
  profiles: ProfileReport[];
  succeededProvisionalTests?: string[];
}

interface Profile {
  core: string[];
  areas: string[];
}

const releases: Record<GatewayApiRelease, Record<string, Profile>> = profiles;

/**
 * The run as Gateway API's own suite would report it: by official cases, each as good as the worst of the cases here
 * that mirror it. An official case of the implementation's features that was not wholly run, or is not mirrored, is
 * `skipped`, so that its profile is `partial` at best; a feature is supported only when all its cases were run.
 *
 * @param catalogue every case that there is, selected or not
 * @returns the report, or why there is none; undefined when the run judged no official case to its end
 */
export function conformanceReport(
  run: Run,
  catalogue: CatalogueCase[],
): { report: ConformanceReport } | { because: string } | undefined {
  const { version, channel } = run.target.versions.gatewayApi;
  const verdicts = officialVerdicts(run, catalogue);
  if ([...verdicts.values()].every((verdict) => verdict === 'skipped')) return undefined;
  const release = (Object.keys(releases) as GatewayApiRelease[]).find((each) => isOf(version, each));
  if (!release) {
    const known = Object.keys(releases).join(' and ');
    return {
      because: `the official cases of Gateway API ${version} are not known here, only those of ${known}`,
    };
  }
  if (run.errors.length > 0) return { because: 'something went wrong outside of the cases' };
  if (mayFailByProof(run))
    return {
      because:
        'in a run that proves its cases a failure may be that of the proof, and not of the implementation: npm test makes the report',
    };
  const unread = catalogue.find(({ dialect }) => dialect === undefined);
  if (unread)
    return { because: `${unread.file} does not load: which official cases it mirrors is not known` };
  const { mode = 'default', ...about } = run.target.implementation;
  const { organization = '', project = '', url = '', version: of = '', contact = [] } = about;
  const lacking = Object.entries({ organization, project, url, version: of, contact }).filter(
    ([, value]) => value.length === 0,
  );
  if (lacking.length > 0) {
    const names = lacking.map(([name]) => name).join(', ');
    return { because: `${names} of the implementation are not known: name them with --implementation` };
  }

  const all = officialCases(release);
  const reports = Object.entries(releases[release]).flatMap(([name, { core, areas }]) => {
    const extended = featuresOf(release, areas as Area[]).filter((feature) => !core.includes(feature));
    return profileReport(name, { core, extended }, all, verdicts, run.target.features) ?? [];
  });
  if (reports.length === 0)
    return { because: 'the implementation has the core features of no profile whose cases were run' };
  const succeeded = all.filter(({ name, provisional }) => provisional && verdicts.get(name) === 'passed');
  return {
    report: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'ConformanceReport',
      date: run.endedAt.replace(/\.\d+Z$/, 'Z'),
      gatewayAPIVersion: version,
      gatewayAPIChannel: channel,
      mode,
      implementation: { organization, project, url, version: of, contact },
      profiles: reports,
      ...(succeeded.length > 0 && { succeededProvisionalTests: succeeded.map(({ name }) => name) }),
    },
  };
}

/** Whether an official case failed, not as it is known to, beside faults that were tried. */
const mayFailByProof = ({ cases }: Run): boolean =>
  cases.some(({ proof }) => proof !== undefined) &&
  cases.some(({ official, verdict, known }) => official !== undefined && verdict === 'failed' && !known);

/** @returns undefined for a profile that the implementation has not, or none of whose cases was judged */
function profileReport(
  name: string,
  { core, extended }: { core: string[]; extended: string[] },
  all: OfficialCase[],
  verdicts: Map<string, Judged>,
  { supported, untestable }: Run['target']['features'],
): ProfileReport | undefined {
  const testable = supported.filter((feature) => !untestable.includes(feature));
  if (!core.every((feature) => testable.includes(feature))) return undefined;
  const has = [...core, ...extended].filter((feature) => testable.includes(feature));
  const judged = (one: OfficialCase): boolean => ['passed', 'failed'].includes(verdicts.get(one.name) ?? '');
  const applying = all.filter(({ features }) => features.every((feature) => has.includes(feature)));
  const counted = applying.filter((one) => !one.provisional || judged(one));
  if (!counted.some(judged)) return undefined;

  const isCore = ({ features }: OfficialCase): boolean => features.every((feature) => core.includes(feature));
  const beyond = counted.filter((one) => !isCore(one));
  const coreStatus = statusOf(counted.filter(isCore), verdicts);
  const unsupported = extended.filter((each) => !supported.includes(each) && !untestable.includes(each));
  /** All its cases were run; of those on trial only where it has no others. */
  const isShown = (feature: string): boolean => {
    const needing = applying.filter(({ features }) => features.includes(feature));
    const settled = needing.filter(({ provisional }) => !provisional);
    const deciding = settled.length > 0 ? settled : needing;
    return deciding.length > 0 && deciding.every(judged);
  };
  const shown = extended.filter((feature) => testable.includes(feature) && isShown(feature));
  const extendedStatus = beyond.length === 0 ? undefined : statusOf(beyond, verdicts);
  return {
    name,
    summary: [
      `Core: ${summaryOf(coreStatus)}.`,
      ...(extendedStatus ? [`Extended: ${summaryOf(extendedStatus)}.`] : []),
    ].join(' '),
    core: coreStatus,
    ...(extendedStatus && {
      extended: {
        ...extendedStatus,
        ...(shown.length > 0 && { supportedFeatures: shown }),
        ...(unsupported.length > 0 && { unsupportedFeatures: unsupported }),
      },
    }),
  };
}

/** Every case is in one of three lists, and the sums are their lengths. */
function statusOf(cases: OfficialCase[], verdicts: Map<string, Judged>): Status {
  const named = (verdict: Judged): string[] =>
    cases.map(({ name }) => name).filter((name) => (verdicts.get(name) ?? 'skipped') === verdict);
  const [passed, failed, skipped] = [named('passed'), named('failed'), named('skipped')];
  return {
    result: failed.length > 0 ? 'failure' : skipped.length > 0 ? 'partial' : 'success',
    statistics: { Passed: passed.length, Failed: failed.length, Skipped: skipped.length },
    ...(failed.length > 0 && { failedTests: failed }),
    ...(skipped.length > 0 && { skippedTests: skipped }),
  };
}

/** `success, 30 passed` or `failure, 28 passed, 2 failed` */
function summaryOf({ result, statistics: { Passed, Failed, Skipped } }: Status): string {
  const counts = [[Passed, 'passed'] as const, [Failed, 'failed'] as const, [Skipped, 'skipped'] as const];
  const said = counts
    .filter(([count], at) => count > 0 || at === 0)
    .map(([count, what]) => `${count} ${what}`);
  return `${result}, ${said.join(', ')}`;
}

const isOf = (version: string, release: GatewayApiRelease): boolean => version.startsWith(`${release}.`);
