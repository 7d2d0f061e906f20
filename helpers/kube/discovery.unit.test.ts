import { describe, expect, test } from 'vitest';
import { Discovery } from './discovery.ts';
import { ApiError } from './errors.ts';

const core = [
  { name: 'services/proxy', kind: 'ServiceProxyOptions', namespaced: true },
  { name: 'services', kind: 'Service', namespaced: true },
  { name: 'services/status', kind: 'Service', namespaced: true },
];

/** A server that answers with each list in turn, the last one from then on. */
function serving(...lists: (typeof core)[]) {
  const asked: string[] = [];
  const discovery = new Discovery(async (path) => {
    asked.push(path);
    return { resources: lists[Math.min(asked.length, lists.length) - 1] ?? [] };
  });
  return { asked, discovery };
}

const service = { apiVersion: 'v1', kind: 'Service' };

describe('Discovery', () => {
  test('asks once for a group version, however many want to know', async () => {
    const { asked, discovery } = serving(core);
    const found = await Promise.all([discovery.resource(service), discovery.resource(service)]);
    expect([...found, await discovery.resource(service)]).toEqual([core[1], core[1], core[1]]);
    expect(asked).toEqual(['/api/v1']);
  });

  test('asks again for a kind that was not there, which may have come since', async () => {
    const { asked, discovery } = serving([], core);
    await expect(discovery.resource(service)).rejects.toMatchObject({
      code: 404,
      message: 'look up Service: 404 NotFound: the API server has no kind Service in v1',
    });
    await expect(discovery.resource(service)).resolves.toEqual(core[1]);
    expect(asked).toHaveLength(2);
  });

  test('takes no subresource for a kind', async () => {
    const { discovery } = serving(core);
    await expect(discovery.resource({ apiVersion: 'v1', kind: 'ServiceProxyOptions' })).rejects.toThrow(
      'no kind ServiceProxyOptions in v1',
    );
  });

  test('says which group version is not there, and asks again after a failure', async () => {
    const errors = [new ApiError('look up Gateway', 404, {}), new ApiError('look up Gateway', 503, {})];
    const discovery = new Discovery(async () => {
      throw errors.shift();
    });
    const gateway = { apiVersion: 'no.example/v1', kind: 'Gateway' };
    await expect(discovery.resource(gateway)).rejects.toThrow(
      'look up Gateway: 404 NotFound: the API server has no group version no.example/v1',
    );
    await expect(discovery.resource(gateway)).rejects.toMatchObject({ code: 503 });
  });
});
