import { expect, test } from 'vitest';
import { caseId } from './catalogue.ts';

test.for<[string, string[], string]>([
  [
    'suites/ingress-gateways/any-host.test.ts',
    ['answers any host'],
    'ingress-gateways/any-host/answers-any-host',
  ],
  ['suites/area/near.test.ts', ['GET /status-page → 404'], 'area/near/get-status-page-404'],
  ['suites/area/near.test.ts', ['in a group', 'Its case!'], 'area/near/in-a-group-its-case'],
  ['suites/area/exposed-paths.test.ts', ['Exposed paths', 'one'], 'area/exposed-paths/one'],
  ['suites/area/exposed-paths.test.ts', ['exposed paths'], 'area/exposed-paths/exposed-paths'],
  ['suites/area/exposed-paths.test.ts', ['paths', 'one'], 'area/exposed-paths/paths-one'],
  ['suites/top.test.ts', ['→'], 'top/untitled'],
  ['suites/Area_2/deep/er.test.ts', ['x'], 'area-2/deep/er/x'],
])('the id of %s %s', ([file, titles, id]) => {
  expect(caseId(file, titles)).toBe(id);
});
