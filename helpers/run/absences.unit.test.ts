import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { json, refused, scriptedApi } from '../kube/testdata/api.ts';
import { Absences } from './absences.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: Date.UTC(2026, 0, 1, 12) });
});
afterEach(() => {
  vi.useRealTimers();
});

test('excuses what fails while the API server is away and just after it, and nothing else', async () => {
  const replies = [json('ok'), refused(503), refused(503), refused(403)];
  await using api = await scriptedApi({ others: replies });
  const absences = new Absences(api.kube);
  const asked = async (times: number) => {
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(() => expect(api.asked).toHaveLength(times));
    // the answer has been read when another request has had one
    await api.kube.send('GET', '/version').catch(() => {});
    api.asked.pop();
  };
  const begun = Date.now();
  await asked(1);
  expect(absences.excuse(begun)).toBeUndefined();
  await asked(2);
  expect(absences.excuse(begun)).toMatch(/^the API server did not answer, from 12:00:0\d on$/);
  await asked(3);
  await asked(4);
  expect(absences.excuse(begun)).toMatch(/from 12:00:0\d to 12:00:0\d$/);
  vi.advanceTimersByTime(20_000);
  expect(absences.excuse(Date.now())).toBeDefined();
  vi.advanceTimersByTime(20_000);
  expect(absences.excuse(Date.now())).toBeUndefined();
  absences.close();
});
