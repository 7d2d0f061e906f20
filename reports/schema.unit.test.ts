import { expect, test } from 'vitest';
import schema from './run.schema.json' with { type: 'json' };
import type { CaseResult, Failure, Run } from './run.ts';
import { complaints } from './write.ts';

type Required_<T> = { [K in keyof T]-?: Required_<T[K]> };
type Needed<T> = { [K in keyof T as object extends Pick<T, K> ? never : K]: T[K] };

// The compiler demands every property of the types here, and takes no other; the tests demand the same of the schema.
const fullCase: Required_<CaseResult> = {
  id: 'area/file/test',
  title: 'test',
  file: 'suites/area/file.test.ts',
  official: 'HTTPRouteSimpleSameNamespace',
  dialect: 'gateway-api',
  features: ['Gateway'],
  provisional: true,
  scenario: { row: 'GET a.example/statusx', differs: 'a prefix is one of the text' },
  needs: ['browser'],
  verdict: 'failed',
  reason: '404',
  durationMs: 1,
  milestones: { created: 1, accepted: 2, programmed: 3, address: 4, firstRight: 5, steady: 6 },
  attempts: 3,
  observed: { 'another host over the connection': '404 from the gateway' },
  steps: [{ asked: 'GET a.example/two', wanted: '200', got: '404', attempts: 3, right: false }],
  proof: { applied: 8, noticed: 7, faults: ['another-status'] },
  known: { reason: 'it answers 404', link: 'https://acme.example/1', expires: '2027-03-31' },
  expected: '200',
  got: '404',
  cause: 'no route',
  diagnosis: { id: 'parent-unknown', evidence: ['its parentRef: name web'], next: 'kubectl get gateways' },
  evidence: ['evidence/area/file/test/gateway.yaml'],
  repro: 'curl http://10.0.0.1/',
};
const fullRun: Required_<Run> = {
  format: 1,
  id: '0123456789',
  startedAt: '2026-11-24T02:00:00.000Z',
  readyAt: '2026-11-24T02:00:01.000Z',
  firstCaseAt: '2026-11-24T02:00:02.000Z',
  endedAt: '2026-11-24T02:00:03.000Z',
  interrupted: 'SIGINT',
  filters: ['any'],
  shard: { index: 1, count: 2, selected: 3 },
  shards: 2,
  target: {
    kind: 'managed',
    context: 'kind-x',
    gatewayClass: 'istio',
    imageSource: 'source',
    versions: {
      kubernetes: 'v1.36.3',
      gatewayApi: { version: 'v1.6.3', channel: 'experimental' },
      implementation: 'istio 1.31',
    },
    features: { supported: ['Gateway'], source: '--features', untestable: ['HTTPRouteRetry'] },
    implementation: {
      organization: 'acme',
      project: 'gateway',
      url: 'https://acme.example',
      version: 'v1.2.3',
      contact: ['@acme/maintainers'],
      mode: 'default',
    },
  },
  reach: { way: 'nodeport', why: 'it was asked for' },
  cost: {
    cpuMs: 31_000,
    memoryMb: 312,
    apiCalls: 90,
    files: [{ file: 'suites/area/file.test.ts', apiCalls: 60 }],
  },
  sums: { selected: 1, passed: 0, failed: 1, skipped: 0, notRun: 0, known: 1 },
  cases: [fullCase],
  errors: [{ message: 'stray', file: 'suites/area/file.test.ts' }],
};

const neededOfRun: Record<keyof Needed<Run>, true> = {
  format: true,
  id: true,
  startedAt: true,
  readyAt: true,
  endedAt: true,
  filters: true,
  target: true,
  sums: true,
  cases: true,
  errors: true,
};
const neededOfCase: Record<keyof Needed<CaseResult>, true> = {
  id: true,
  title: true,
  file: true,
  features: true,
  verdict: true,
  durationMs: true,
  milestones: true,
  attempts: true,
};
const ofFailure: Record<keyof Needed<Failure>, true> = {
  expected: true,
  got: true,
  cause: true,
  evidence: true,
  repro: true,
};

test('the schema takes a run that has every property of the types', () => {
  expect(complaints(fullRun)).toEqual([]);
});

test('the schema knows no property that the types do not', () => {
  const { target, sums, case: one, error } = schema.$defs;
  const pairs: [object, object][] = [
    [schema.properties, fullRun],
    [target.properties, fullRun.target],
    [target.properties.versions.properties, fullRun.target.versions],
    [target.properties.versions.properties.gatewayApi.properties, fullRun.target.versions.gatewayApi],
    [target.properties.features.properties, fullRun.target.features],
    [target.properties.implementation.properties, fullRun.target.implementation],
    [schema.properties.shard.properties, fullRun.shard],
    [sums.properties, fullRun.sums],
    [one.properties, fullCase],
    [one.properties.milestones.properties, fullCase.milestones],
    [one.properties.diagnosis.properties, fullCase.diagnosis],
    [one.properties.known.properties, fullCase.known],
    [error.properties, fullRun.errors[0] ?? {}],
  ];
  for (const [inSchema, inTypes] of pairs) {
    expect(Object.keys(inSchema).toSorted()).toEqual(Object.keys(inTypes).toSorted());
  }
});

test.for([
  ['a run', (key: string) => without(fullRun, key), Object.keys(fullRun), Object.keys(neededOfRun)],
  [
    'a case that failed',
    (key: string) => ({ ...fullRun, cases: [without(fullCase, key)] }),
    Object.keys(fullCase),
    [...Object.keys(neededOfCase), ...Object.keys(ofFailure), 'reason'],
  ],
] as const)('%s cannot do without what its type demands, and with nothing else', ([, run, all, needed]) => {
  for (const key of all) {
    expect([key, complaints(run(key)).length > 0]).toEqual([key, needed.includes(key)]);
  }
});

test.for<[string, Partial<CaseResult>]>([
  ['a verdict of another name', { verdict: 'flaky' as CaseResult['verdict'] }],
  ['a dialect of another name', { dialect: 'consul' as NonNullable<CaseResult['dialect']> }],
  ['an id that is not kebab-case', { id: 'Area/File' }],
  ['a duration that is no number', { durationMs: Number.NaN }],
  ['a milestone before the apply', { milestones: { created: -1 } }],
  ['half a request', { attempts: 1.5 }],
  ['a failure that passed', { verdict: 'passed' }],
])('the schema refuses %s', ([, wrong]) => {
  const run = { ...fullRun, cases: [{ ...fullCase, ...wrong }] };
  expect(complaints(JSON.parse(JSON.stringify(run)))).not.toEqual([]);
});

test.for(['passed', 'skipped', 'not-run'] as const)('a case that is %s has no failure', (verdict) => {
  const plain = { ...without(fullCase, ...Object.keys(ofFailure), 'diagnosis', 'known'), verdict };
  const silent = without(plain, 'reason');
  const [right, wrong] = verdict === 'passed' ? [silent, plain] : [plain, silent];
  expect(complaints({ ...fullRun, cases: [right] })).toEqual([]);
  expect(complaints({ ...fullRun, cases: [wrong] })).not.toEqual([]);
});

function without(object: object, ...keys: string[]): object {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
