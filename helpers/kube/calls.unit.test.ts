import { expect, test } from 'vitest';
import { countCalls } from './calls.ts';

test('a file has what was sent since its first case, when its meta is sent on', () => {
  const kube = { calls: 7 };
  const file = { meta: {} };
  countCalls(file, kube);
  kube.calls += 5;
  countCalls(file, kube);
  expect(structuredClone(file.meta)).toEqual({ apiCalls: 5 });
  kube.calls += 2;
  const next = { meta: {} };
  countCalls(next, kube);
  kube.calls += 1;
  expect(structuredClone(next.meta)).toEqual({ apiCalls: 1 });
});
