import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kubeconfigFor, serveApi } from '../cluster/preflight/testdata/api-server.ts';
import type { Target } from '../cluster/target.ts';
import { Ledger } from '../reports/ledger.ts';
import { RunReporter } from '../reports/reporter.ts';
import type { CaseFacts } from '../reports/run.ts';
import type { RunContext } from './context.ts';
import { whyNot } from './gate.ts';
import { Suites } from './run/suites.ts';
import { defaultTimeouts } from './timeouts.ts';

const features: Target['features'] = {
  supported: ['Gateway', 'HTTPRoute', 'HTTPRouteRetry'],
  source: '--features',
  untestable: ['HTTPRouteRetry'],
};
const called = { id: 'gateway-api/httproute-cors/one', file: 'suites/gateway-api/httproute-cors.test.ts' };
const asked = (...named: string[]): RunContext['skips'] => ({
  named,
  unsupported: 'unless named',
  provisional: true,
});
const all = asked();
const byName = asked('HTTPRouteCors');
const roomless = 'the installed Gateway API CRDs have no room for what it needs: HTTPRouteRetry';
const onTrial = "provisional in Gateway API's own suite: it runs by its name, or with --provisional";

describe('a case', () => {
  test.for<[string, Partial<CaseFacts>, RunContext['skips'], string | undefined]>([
    ['whose features are there', { features: ['Gateway', 'HTTPRoute'] }, all, undefined],
    ['that needs none', { features: [] }, all, undefined],
    [
      'whose features are not all there',
      { features: ['Gateway', 'HTTPRouteCORS', 'TLSRoute'] },
      all,
      'the implementation is not known to have HTTPRouteCORS, TLSRoute (--features)',
    ],
    ['of that kind that is asked for by name', { features: ['HTTPRouteCORS'] }, byName, undefined],
    ['of that kind by its file', { features: ['HTTPRouteCORS'] }, asked('httproute-cors'), undefined],
    ['of that kind by its id', { features: ['HTTPRouteCORS'] }, asked('x', called.id), undefined],
    [
      'of that kind in a folder that is asked for',
      { features: ['HTTPRouteCORS'] },
      asked('suites/gateway-api', 'HTTPRouteCOR'),
      'the implementation is not known to have HTTPRouteCORS (--features)',
    ],
    [
      'of that kind, told otherwise',
      { features: ['HTTPRouteCORS'] },
      { ...byName, unsupported: 'always' },
      'the implementation is not known to have HTTPRouteCORS (--features)',
    ],
    ['that the CRDs have no room for', { features: ['HTTPRouteRetry'] }, all, roomless],
    ['of that kind that is asked for by name', { features: ['HTTPRouteRetry'] }, byName, roomless],
    ['on trial', { features: ['Gateway'], provisional: true }, all, onTrial],
    ['on trial that is asked for', { features: ['Gateway'], provisional: true }, byName, undefined],
  ])('%s', ([, facts, skips, reason]) => {
    const known: CaseFacts = {
      dialect: 'gateway-api',
      official: 'HTTPRouteCORS',
      features: [],
      ...facts,
    };
    expect(whyNot(known, called, features, skips)).toBe(reason);
  });
});

describe('a suite whose cases are all skipped', { timeout: 120_000 }, () => {
  const project = fileURLToPath(new URL('..', import.meta.url));
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'conformance-gate-'));
    mkdirSync(join(root, 'suites'));
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(root, 'vitest.config.ts'),
      `import all from '${project}vitest.config.ts';
       const suites = all.test.projects.find(({ test }) => test.name === 'suites').test;
       export default { server: { fs: { strict: false } }, test: { projects: [{ test: { ...suites, deps: {} } }] } };`,
    );
    writeFileSync(
      join(root, 'suites/one.test.ts'),
      `import { about, testOn } from '${project}helpers/test.ts';
       const test = testOn({ shared: 'gateway-api/shared' }, 'httpbin', 'ingress-gateways/any-host/gateway-api');
       const facts = about({ dialect: 'gateway-api', features: ['HTTPRouteCORS'] });
       test('with traffic', facts, async ({ ingress, gateway, expect }) => { expect(ingress).toBe(gateway); });
       test('on its own', facts, async ({ apart }) => { await apart('httpbin'); });`,
    );
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test.for([
    { skips: all, verdict: 'skipped', applied: false },
    { skips: asked('one'), verdict: 'failed', applied: true },
  ])('applies nothing, and one that is run does: $verdict', async ({ skips, verdict, applied }) => {
    await using api = await serveApi();
    const target: Target = {
      kind: 'existing',
      ...kubeconfigFor(api.url),
      gatewayClass: 'acme',
      imageSource: 'unknown',
      versions: {
        kubernetes: 'v1.36.3',
        gatewayApi: { version: 'v1.6.3', channel: 'standard' },
        implementation: 'acme.com/gateway',
      },
      features,
      implementation: {},
    };
    const ledger = new Ledger();
    const suites = await Suites.open(root, [
      new RunReporter({ ledger, filters: [], rerun: (id) => id, excuse: () => undefined, told: () => {} }),
    ]);
    try {
      const reach = { way: 'loadbalancer', why: 'it was asked for' } as const;
      const run = { id: '0123456789', timeouts: defaultTimeouts, reach, out: root, skips, known: [] };
      await suites.run([], { target, run });
    } finally {
      await suites.close();
    }
    const now = new Date();
    const { kubeconfig: _, ...reported } = target;
    const { cases } = ledger.run({
      id: '0123456789',
      startedAt: now,
      readyAt: now,
      filters: [],
      target: reported,
    });
    expect(cases.map((one) => one.verdict)).toEqual([verdict, verdict]);
    expect(api.asked.length > 0).toBe(applied);
    if (applied) return;
    for (const { reason } of cases)
      expect(reason).toContain('the implementation is not known to have HTTPRouteCORS');
  });
});
