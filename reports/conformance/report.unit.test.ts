import { array, assert, constantFrom, property, record, subarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Area, featureNames, featuresOf } from '../../cluster/features/names.ts';
import type { CatalogueCase } from '../catalogue.ts';
import type { CaseResult, Run, Verdict } from '../run.ts';
import { officialCases } from './official.ts';
import profiles from './profiles.json' with { type: 'json' };
import { type ConformanceReport, conformanceReport } from './report.ts';

const acme = {
  organization: 'acme',
  project: 'gateway',
  url: 'https://acme.example',
  version: 'v1.2.3',
  contact: ['@acme/maintainers'],
};
const everything = [...featuresOf('v1.6'), ...featuresOf('v1.7')];

interface Mirrored {
  official: string;
  /** Of each case that mirrors it; undefined: it was not selected. */
  verdicts: (Verdict | undefined)[];
}

interface Found {
  mirrored: Mirrored[];
  supported?: string[];
  untestable?: string[];
  version?: string;
  more?: Partial<Run>;
}

function reported({ mirrored, supported = everything, untestable = [], version = 'v1.6.3', more }: Found) {
  const catalogue = mirrored.flatMap(({ official, verdicts }) =>
    verdicts.map((verdict, at) => ({ verdict, known: caseOf(official, at) })),
  );
  const cases = catalogue.flatMap(({ verdict, known }): CaseResult[] =>
    verdict === undefined ? [] : [{ ...known, verdict, durationMs: 0, milestones: {}, attempts: 0 }],
  );
  const run: Run = {
    format: 1,
    id: '0123456789',
    startedAt: '2026-11-24T02:00:00.000Z',
    readyAt: '2026-11-24T02:00:01.000Z',
    endedAt: '2026-11-24T02:00:11.750Z',
    filters: [],
    target: {
      kind: 'managed',
      context: 'x',
      gatewayClass: 'acme',
      imageSource: 'source',
      versions: {
        kubernetes: 'v1.36.3',
        gatewayApi: { version, channel: 'experimental' },
        implementation: 'acme',
      },
      features: { supported, source: '--features', untestable },
      implementation: acme,
    },
    sums: { selected: cases.length, passed: 0, failed: 0, skipped: 0, notRun: 0 },
    cases,
    errors: [],
    ...more,
  };
  return conformanceReport(
    run,
    catalogue.map(({ known }) => known),
  );
}

const caseOf = (official: string, at = 0): CatalogueCase => ({
  id: `gateway-api/${official.toLowerCase()}/row-${at}`,
  title: `row ${at}`,
  file: `suites/gateway-api/${official}.test.ts`,
  official,
  dialect: 'gateway-api',
  features: [],
});

function report(found: Found): ConformanceReport {
  const outcome = reported(found);
  if (!outcome || 'because' in outcome) throw new Error(outcome?.because ?? 'no official case was judged');
  return outcome.report;
}

const profileOf = (found: Found, name = 'GATEWAY-HTTP') =>
  report(found).profiles.find((profile) => profile.name === name);

const official = officialCases('v1.6').map(({ name }) => name);
const allPassed: Mirrored[] = official.map((name) => ({ official: name, verdicts: ['passed', 'passed'] }));
const but = (name: string, ...verdicts: Mirrored['verdicts']): Mirrored[] =>
  allPassed.map((one) => (one.official === name ? { official: name, verdicts } : one));

describe('a run of all cases that all passed', () => {
  test('is a success in every profile that the implementation has', () => {
    const { profiles: found, ...rest } = report({ mirrored: allPassed });
    expect(rest).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'ConformanceReport',
      date: '2026-11-24T02:00:11Z',
      gatewayAPIVersion: 'v1.6.3',
      gatewayAPIChannel: 'experimental',
      mode: 'default',
      implementation: acme,
    });
    expect(found.map(({ name, core, extended }) => [name, core.result, extended?.result])).toEqual([
      ['GATEWAY-HTTP', 'success', 'success'],
      ['GATEWAY-TLS', 'success', 'success'],
      ['GATEWAY-GRPC', 'success', 'success'],
      ['GATEWAY-TCP', 'success', 'success'],
      ['GATEWAY-UDP', 'success', 'success'],
    ]);
  });

  test('claims a feature that has cases, and none that nothing shows', () => {
    const extended = profileOf({ mirrored: allPassed })?.extended;
    expect(extended?.supportedFeatures).toContain('HTTPRouteRetry');
    expect(extended?.supportedFeatures).not.toContain('HTTPRouteRetryBackendTimeout');
    expect(extended?.supportedFeatures).not.toContain('HTTPRoute');
    expect(extended).not.toHaveProperty('unsupportedFeatures');
  });

  test('names the features that the implementation lacks, and asks nothing of them', () => {
    const supported = everything.filter((name) => !['HTTPRouteCORS', 'UDPRoute'].includes(name));
    const { profiles: found } = report({ mirrored: but('HTTPRouteCORS', 'skipped'), supported });
    expect(found.map(({ name }) => name)).not.toContain('GATEWAY-UDP');
    expect(found[0]?.extended).toMatchObject({ result: 'success', unsupportedFeatures: ['HTTPRouteCORS'] });
  });

  test('says nothing of features that the CRDs have no room for', () => {
    const extended = profileOf({
      mirrored: but('HTTPRouteRetry', 'skipped'),
      untestable: ['HTTPRouteRetry', 'TCPRoute'],
    })?.extended;
    expect(extended?.result).toBe('success');
    expect(JSON.stringify(extended)).not.toContain('HTTPRouteRetry"');
    expect(profileOf({ mirrored: allPassed, untestable: ['TCPRoute'] }, 'GATEWAY-TCP')).toBeUndefined();
  });
});

describe('an official case', () => {
  const name = 'HTTPRouteWeight';

  test.for<[string, Mirrored['verdicts'], string, string]>([
    ['one of whose cases failed', ['passed', 'failed'], 'failure', 'failedTests'],
    ['one of whose cases was not run', ['passed', 'not-run'], 'partial', 'skippedTests'],
    ['one of whose cases was not selected', ['passed', undefined], 'partial', 'skippedTests'],
    ['one of whose cases was skipped', ['passed', 'skipped'], 'partial', 'skippedTests'],
    ['that was skipped', ['skipped'], 'partial', 'skippedTests'],
    ['that is not mirrored', [], 'partial', 'skippedTests'],
  ])('%s has not passed', ([, verdicts, result, list]) => {
    const profile = profileOf({ mirrored: but(name, ...verdicts) });
    expect(profile?.core).toMatchObject({ result, [list]: [name] });
    expect(profile?.extended?.result).toBe('success');
    expect(profile?.summary).toContain(`Core: ${result}, `);
  });

  test('of an extended feature that was not run takes the feature from the claim', () => {
    const extended = profileOf({ mirrored: but('HTTPRouteCORS', undefined) })?.extended;
    expect(extended).toMatchObject({ result: 'partial', skippedTests: ['HTTPRouteCORS'] });
    expect(extended?.supportedFeatures).not.toContain('HTTPRouteCORS');
    expect(extended).not.toHaveProperty('unsupportedFeatures');
  });

  test('that failed leaves its feature in the claim, which failed with it', () => {
    const extended = profileOf({ mirrored: but('HTTPRouteCORS', 'failed') })?.extended;
    expect(extended).toMatchObject({ result: 'failure', failedTests: ['HTTPRouteCORS'] });
    expect(extended?.supportedFeatures).toContain('HTTPRouteCORS');
  });

  test('on trial counts where it was run, and is missed nowhere', () => {
    const inV17 = officialCases('v1.7').map((one) => one.name);
    const withTrial = (verdict: Verdict): Found => ({
      version: 'v1.7.0',
      mirrored: inV17.map((each) => ({
        official: each,
        verdicts: [each === 'HTTPRouteBackendURLRewrite' ? verdict : 'passed'],
      })),
    });
    const passed = report(withTrial('passed'));
    expect(passed.succeededProvisionalTests).toContain('HTTPRouteBackendURLRewrite');
    const extended = profileOf(withTrial('skipped'))?.extended;
    expect(extended?.result).toBe('success');
    expect(extended?.supportedFeatures).not.toContain('HTTPRouteBackendURLRewrite');
    expect(report(withTrial('skipped')).succeededProvisionalTests).not.toContain(
      'HTTPRouteBackendURLRewrite',
    );
    expect(profileOf(withTrial('failed'))?.extended?.result).toBe('failure');
  });
});

describe('there is no report', () => {
  const { version: _, ...nameless } = acme;

  test.for<[string, Found, string]>([
    ['of a Gateway API whose cases are not known', { mirrored: allPassed, version: 'v1.5.1' }, 'v1.5.1'],
    ['of a build of it', { mirrored: allPassed, version: 'v0.0.0-dev' }, 'v0.0.0-dev'],
    [
      'when something went wrong beside the cases',
      { mirrored: allPassed, more: { errors: [{ message: 'x' }] } },
      'outside of the cases',
    ],
    [
      'of an implementation without the core features',
      { mirrored: allPassed, supported: ['Gateway'] },
      'no profile',
    ],
  ])('%s', ([, found, because]) => {
    expect(reported(found)).toEqual({ because: expect.stringContaining(because) });
  });

  test('when a failure may be that of a proof', () => {
    const proof = { applied: 3, noticed: 2, faults: ['reset'] };
    const proving = (verdict: Verdict, more: Partial<CaseResult> = {}) => {
      const cases = official.map((name): CaseResult => {
        const given = { ...caseOf(name), durationMs: 0, milestones: {}, attempts: 0, proof };
        return name === 'HTTPRouteWeight' ? { ...given, verdict, ...more } : { ...given, verdict: 'passed' };
      });
      return reported({ mirrored: but('HTTPRouteWeight', verdict), more: { cases } });
    };
    expect(proving('failed')).toEqual({ because: expect.stringContaining('that of the proof') });
    expect(proving('passed')).toMatchObject({ report: { kind: 'ConformanceReport' } });
    const known = { reason: 'it answers 404', link: 'https://acme.example/1', expires: '2027-03-31' };
    expect(proving('failed', { known })).toMatchObject({ report: { kind: 'ConformanceReport' } });
  });

  test('of an implementation of which not all is known', () => {
    const { report: full } = reported({ mirrored: allPassed }) as { report: ConformanceReport };
    expect(full.implementation).toEqual(acme);
    const run = { target: { versions: { gatewayApi: { version: 'v1.6.3' } }, implementation: nameless } };
    const cases = [{ id: caseOf('HTTPRouteWeight').id, verdict: 'passed' }];
    expect(
      conformanceReport({ ...run, cases, errors: [] } as unknown as Run, [caseOf('HTTPRouteWeight')]),
    ).toEqual({ because: 'version of the implementation are not known: name them with --implementation' });
  });

  test('where a suite file does not load', () => {
    const { dialect: __, ...unread } = caseOf('HTTPRouteWeight');
    const run = { target: { versions: { gatewayApi: { version: 'v1.6.3' } } } };
    const cases = [{ id: caseOf('HTTPRouteCORS').id, verdict: 'passed' }];
    expect(
      conformanceReport({ ...run, cases, errors: [] } as unknown as Run, [caseOf('HTTPRouteCORS'), unread]),
    ).toEqual({ because: expect.stringContaining('does not load') });
  });

  test.for<Mirrored['verdicts']>([['skipped'], ['not-run'], [undefined], ['passed', undefined]])(
    'and no word of it, when no official case was judged: %s',
    (verdicts) => {
      expect(reported({ mirrored: [{ official: 'HTTPRouteWeight', verdicts }] })).toBeUndefined();
    },
  );
});

const reports = (found: Found): ConformanceReport[] => {
  const outcome = reported(found);
  return outcome && 'report' in outcome ? [outcome.report] : [];
};
const release = ({ version: of = '' }: Found) => (of.startsWith('v1.7') ? 'v1.7' : 'v1.6');
const settled = (found: Found, name: string): Mirrored['verdicts'] =>
  found.mirrored.find((one) => one.official === name)?.verdicts ?? [];
const wholly = (found: Found, name: string): boolean =>
  settled(found, name).length > 0 && settled(found, name).every((each) => each === 'passed');

describe('of whatever run', () => {
  const verdict = constantFrom<Verdict | undefined>(
    'passed',
    'passed',
    'passed',
    'failed',
    'skipped',
    'not-run',
    undefined,
  );
  const version = constantFrom('v1.6.3', 'v1.7.0');
  const runs = version.chain((of) => {
    const names = officialCases(of === 'v1.6.3' ? 'v1.6' : 'v1.7').map(({ name }) => name);
    return record({
      version: constantFrom(of),
      mirrored: subarray(names).chain((some) =>
        array(array(verdict, { minLength: 1, maxLength: 3 }), {
          minLength: some.length,
          maxLength: some.length,
        }).map((all) => some.map((name, at): Mirrored => ({ official: name, verdicts: all[at] ?? [] }))),
      ),
      supported: subarray(everything, { minLength: everything.length - 8 }),
      untestable: subarray(everything, { maxLength: 3 }),
    });
  });

  test('the sums add up to the official cases that the implementation has the features for', () => {
    assert(
      property(runs, (found) => {
        for (const { profiles: all } of reports(found)) {
          for (const { name, core, extended } of all) {
            const profile = profiles[release(found)][name as keyof (typeof profiles)['v1.6']];
            const inProfile = [...profile.core, ...featuresOf(release(found), profile.areas as Area[])];
            const applying = officialCases(release(found)).filter(
              ({ name: each, features, provisional }) =>
                features.every(
                  (feature) =>
                    inProfile.includes(feature) &&
                    found.supported.includes(feature) &&
                    !found.untestable.includes(feature),
                ) &&
                (!provisional || settled(found, each).includes('failed') || wholly(found, each)),
            );
            let counted = 0;
            for (const { result, statistics, failedTests = [], skippedTests = [] } of [
              core,
              ...(extended ? [extended] : []),
            ]) {
              const { Passed, Failed, Skipped } = statistics;
              expect([failedTests.length, skippedTests.length]).toEqual([Failed, Skipped]);
              expect(result).toBe(Failed > 0 ? 'failure' : Skipped > 0 ? 'partial' : 'success');
              counted += Passed + Failed + Skipped;
            }
            expect(counted).toBe(applying.length);
            const passed = core.statistics.Passed + (extended?.statistics.Passed ?? 0);
            expect(passed).toBe(applying.filter((one) => wholly(found, one.name)).length);
          }
        }
      }),
    );
  });

  test('no feature is claimed whose cases were not all run, nor one that is said to be lacking', () => {
    assert(
      property(runs, (found) => {
        for (const { profiles: all } of reports(found)) {
          for (const { name, extended } of all) {
            const { core } = profiles[release(found)][name as keyof (typeof profiles)['v1.6']];
            const listed = [...(extended?.supportedFeatures ?? []), ...(extended?.unsupportedFeatures ?? [])];
            expect(listed.filter((feature) => core.includes(feature))).toEqual([]);
            const skipped = extended?.skippedTests ?? [];
            for (const feature of extended?.supportedFeatures ?? []) {
              expect(found.supported).toContain(feature);
              expect(found.untestable).not.toContain(feature);
              expect(extended?.unsupportedFeatures ?? []).not.toContain(feature);
              const needing = officialCases(release(found)).filter(({ features }) =>
                features.includes(feature),
              );
              expect(needing.filter((one) => skipped.includes(one.name))).toEqual([]);
              expect(
                needing.some((one) => settled(found, one.name).includes('failed') || wholly(found, one.name)),
              ).toBe(true);
            }
            for (const feature of extended?.unsupportedFeatures ?? []) {
              expect(found.supported).not.toContain(feature);
              expect(found.untestable).not.toContain(feature);
            }
          }
        }
      }),
    );
  });

  test('with a case less selected, nothing looks better', () => {
    assert(
      property(runs, constantFrom(...official), (found, name) => {
        const less = found.mirrored.map((one) =>
          one.official === name ? { ...one, verdicts: one.verdicts.with(0, undefined) } : one,
        );
        // what failed is no longer known to have failed: that is another run
        if (settled(found, name).includes('failed')) return;
        const before = reports(found)[0]?.profiles ?? [];
        for (const after of reports({ ...found, mirrored: less })[0]?.profiles ?? []) {
          const same = before.find((profile) => profile.name === after.name);
          const parts = [[after.core, same?.core] as const, [after.extended, same?.extended] as const];
          for (const [now, then] of parts) {
            expect(now?.statistics.Passed ?? 0).toBeLessThanOrEqual(then?.statistics.Passed ?? 0);
            expect(now?.result === 'success' && then?.result !== 'success').toBe(false);
          }
          expect(same?.extended?.supportedFeatures ?? []).toEqual(
            expect.arrayContaining(after.extended?.supportedFeatures ?? []),
          );
        }
      }),
    );
  });
});

test('the official cases use the names of their release, each case once', () => {
  for (const of of ['v1.6', 'v1.7'] as const) {
    const cases = officialCases(of);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    for (const { features } of cases) {
      expect(featuresOf(of)).toEqual(expect.arrayContaining(features));
      expect(features).toContain('Gateway');
    }
  }
  expect([officialCases('v1.6').length, officialCases('v1.7').length]).toEqual([131, 147]);
  expect(featureNames.length).toBe(new Set(featureNames).size);
});
