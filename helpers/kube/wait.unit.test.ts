import { describe, expect, test } from 'vitest';
import { cut, eventsOf, listOf, refused, scriptedApi, service } from './testdata/api.ts';
import { type Check, met, missing, WaitTimeout, waitFor, waitGone } from './wait.ts';

const services = { apiVersion: 'v1', kind: 'Service', namespace: 'shop' };

const all =
  (...wanted: string[]) =>
  (objects: { metadata: { name: string } }[]): Check<string[]> => {
    const names = objects.map(({ metadata }) => metadata.name).toSorted();
    return wanted.every((name) => names.includes(name))
      ? met(names)
      : missing(`there is ${names.join(', ')}`);
  };

function hopeless(objects: unknown[]): Check<never> {
  if (objects.length > 0) throw new Error('hopeless');
  return missing('nothing');
}

const soon = { until: 'to be there', timeout: 2_000 };

describe('waitFor', () => {
  test('is met by the list alone, without a watch', async () => {
    await using api = await scriptedApi({ lists: [listOf(service('a'))] });
    await expect(waitFor(api.kube, services, { ...soon, check: all('a') })).resolves.toEqual(['a']);
    expect(api.asked).toEqual(['GET /api/v1/namespaces/shop/services']);
  });

  test('is met by what the watch adds, and goes on from where the list ended', async () => {
    await using api = await scriptedApi({
      lists: [listOf(service('a'))],
      watches: [eventsOf([{ type: 'ADDED', object: service('b') }])],
    });
    await expect(waitFor(api.kube, services, { ...soon, check: all('a', 'b') })).resolves.toEqual(['a', 'b']);
    expect(api.asked[1]).toContain('resourceVersion=7');
  });

  test('lets a server that was away move the deadline', async () => {
    const away = [cut, cut, cut, cut, cut];
    await using api = await scriptedApi({ lists: [...away, listOf(service('a'))], patience: 5_000 });
    await expect(waitFor(api.kube, services, { ...soon, timeout: 300, check: all('a') })).resolves.toEqual([
      'a',
    ]);
    expect(api.asked).toHaveLength(6);
  });

  test('narrows list and watch down to a name and labels', async () => {
    await using api = await scriptedApi({
      lists: [listOf()],
      watches: [eventsOf([{ type: 'ADDED', object: service('a') }])],
    });
    await waitFor(api.kube, { ...services, name: 'a', labels: 'app=x' }, { ...soon, check: all('a') });
    for (const asked of api.asked) {
      expect(asked).toMatch(/fieldSelector=metadata.name%3Da.*labelSelector=app%3Dx/);
    }
  });

  test('forgets what the watch says is deleted', async () => {
    await using api = await scriptedApi({
      lists: [listOf(service('a'))],
      watches: [eventsOf([{ type: 'DELETED', object: service('a') }])],
    });
    await expect(waitGone(api.kube, services, 2_000)).resolves.toBeUndefined();
  });

  test.for([
    ['ends', eventsOf([], { ends: true })],
    ['breaks', cut],
    ['is too old', eventsOf([{ type: 'ERROR', object: { code: 410 } }])],
    ['is refused for the moment', refused(503)],
  ] as const)('lists anew when the watch %s', async ([, watch]) => {
    await using api = await scriptedApi({
      lists: [listOf(), listOf(service('a'))],
      watches: [watch, eventsOf([])],
    });
    await expect(waitFor(api.kube, services, { ...soon, check: all('a') })).resolves.toEqual(['a']);
  });

  test.for([
    ['is away', cut],
    ['is overloaded', refused(429)],
    ['fails', refused(500)],
  ] as const)('waits for an API server that %s', async ([, reply]) => {
    await using api = await scriptedApi({ lists: [reply, reply, listOf(service('a'))] });
    await expect(waitFor(api.kube, services, { ...soon, check: all('a') })).resolves.toEqual(['a']);
  });

  test('gives up at once when the list is forbidden', async () => {
    await using api = await scriptedApi({ lists: [refused(403, 'Forbidden', 'jane may not list services')] });
    const wait = waitFor(api.kube, services, { ...soon, check: all('a') });
    await expect(wait).rejects.toThrow('list Services in shop: 403 Forbidden: jane may not list services');
    expect(api.asked).toHaveLength(1);
  });

  test('gives up at once when the check throws, also in the middle of a watch', async () => {
    await using api = await scriptedApi({
      lists: [listOf()],
      watches: [eventsOf([{ type: 'ADDED', object: service('a') }])],
    });
    await expect(waitFor(api.kube, services, { ...soon, check: hopeless })).rejects.toThrow('hopeless');
  });

  test('says what it saw last when its time is over', async () => {
    await using api = await scriptedApi({
      lists: [listOf()],
      watches: [eventsOf([{ type: 'ADDED', object: service('a') }])],
    });
    const wait = waitFor(api.kube, services, { until: 'to be there', timeout: 150, check: all('a', 'b') });
    await expect(wait).rejects.toThrow(WaitTimeout);
    await expect(wait).rejects.toThrow(
      'waited for Services in shop to be there within 0.15 s; last: there is a',
    );
  });

  test('ends with what its signal was aborted with', async () => {
    await using api = await scriptedApi({ lists: [listOf()], watches: [eventsOf([])] });
    const over = new AbortController();
    const wait = waitFor(api.kube, services, { ...soon, signal: over.signal, check: all('a') });
    over.abort(new Error('the run was cancelled'));
    await expect(wait).rejects.toThrow('the run was cancelled');
  });
});

describe('waitGone', () => {
  test('names what is left, and what holds it', async () => {
    const metadata = { name: 'a', namespace: 'shop', deletionTimestamp: 'now', finalizers: ['x.example/y'] };
    await using api = await scriptedApi({
      lists: [listOf({ ...service('a'), metadata })],
      watches: [eventsOf([])],
    });
    await expect(waitGone(api.kube, services, 100)).rejects.toThrow(
      'still there: Service a (being deleted, held by x.example/y)',
    );
  });
});
