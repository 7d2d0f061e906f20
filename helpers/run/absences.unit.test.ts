import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Kube } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { Absences } from './absences.ts';

vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 12) });
});
afterEach(() => {
  vi.useRealTimers();
});

const pod = (uid: string, { ready = true, restarts = 0, deleted = false } = {}) => ({
  metadata: { uid, name: uid, ...(deleted && { deletionTimestamp: '2026-01-01T12:00:00Z' }) },
  status: {
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [{ name: 'c', restartCount: restarts }],
  },
});

/** What each look finds, one every two seconds; the last one from then on. */
function looks(...found: { server?: number; pods?: object[] }[]) {
  let turn = -1;
  const at = () => found[Math.min(turn, found.length - 1)] ?? {};
  const kube = {
    send: async () => {
      turn += 1;
      const { server = 200 } = at();
      if (server !== 200) throw new ApiError('ask', server, {});
    },
    list: async () => ({ items: at().pods ?? [] }),
  };
  return new Absences(kube as unknown as Kube, { name: 'istiod', labels: 'app=istiod' });
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);

test('excuses what fails while the API server is away and just after it, and nothing else', async () => {
  const begun = performance.now();
  const absences = looks({}, { server: 0 }, { server: 503 }, { server: 403 });
  await seconds(3);
  expect(absences.excuse(begun)).toBeUndefined();
  await seconds(2);
  expect(absences.excuse(begun)).toBe('the API server did not answer, from 12:00:04 on');
  await seconds(4);
  expect(absences.excuse(begun)).toBe('the API server did not answer, from 12:00:04 to 12:00:08');
  await seconds(28);
  expect(absences.excuse(performance.now())).toBeDefined();
  await seconds(3);
  expect(absences.excuse(performance.now())).toBeUndefined();
  expect(absences.excuse(begun)).toBeDefined();
  absences.close();
});

test.for([
  ['back', Date.UTC(2026, 0, 1, 11)],
  ['forward', Date.UTC(2026, 0, 1, 13)],
] as const)('a clock that is set %s makes and takes no excuse', async ([, to]) => {
  const absences = looks({ server: 0 }, {});
  await seconds(3);
  const begun = performance.now();
  vi.setSystemTime(to);
  expect(absences.excuse(begun)).toBeDefined();
  await seconds(40);
  expect(absences.excuse(performance.now())).toBeUndefined();
  expect(absences.excuse(begun)).toBeDefined();
  absences.close();
});

test.for([
  ['it is deleted', [pod('a', { deleted: true }), pod('b', { ready: false })], true],
  ['it is gone', [], true],
  ['it is not ready', [pod('a', { ready: false })], true],
  ['it has crashed', [pod('a', { ready: false, restarts: 1 })], false],
  ['another one is ready', [pod('b')], true],
  ['it is ready', [pod('a')], false],
] as const)('a controller of which %s', async ([, pods, excused]) => {
  const absences = looks({ pods: [pod('a')] }, { pods: [...pods] });
  await seconds(5);
  expect(absences.excuse(performance.now())?.includes('istiod was not ready') ?? false).toBe(excused);
  absences.close();
});
