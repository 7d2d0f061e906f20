import { expect, test } from 'vitest';
import { collectFacts } from './collect.ts';
import { diagnose } from './diagnose.ts';
import { factsApi } from './testdata/api.ts';
import { recorded } from './testdata/facts.ts';

test.for(['gateways', 'routes', 'istio-api', 'ingresses'] as const)(
  'what is collected of %s gives the diagnoses of what was recorded',
  async (name) => {
    const facts = recorded(name);
    await using api = await factsApi(facts);
    const causes = diagnose(await collectFacts(api.kube, facts.scope)).map(({ cause, says }) => [
      cause,
      says,
    ]);
    expect(causes.length).toBeGreaterThan(3);
    expect(causes).toEqual(diagnose(facts).map(({ cause, says }) => [cause, says]));
  },
);

test('few namespaces are asked one by one, with the pods that their Istio Gateways select anywhere', async () => {
  await using api = await factsApi(recorded('istio-api'));
  await collectFacts(api.kube, ['port-hidden']);
  expect(api.asked).toContain('GET /api/v1/namespaces/port-hidden/pods');
  expect(api.asked).toContain('GET /api/v1/pods?labelSelector=edge%3Ddiagnosis');
  expect(api.asked).not.toContain('GET /api/v1/pods');
});

test('of Secrets the table is asked for, and only where a certificate is named', async () => {
  const secrets = /\/secrets/;
  await using none = await factsApi(recorded('routes'));
  await collectFacts(none.kube);
  expect(none.asked.filter((one) => secrets.test(one))).toEqual([]);
  await using some = await factsApi(recorded('gateways'));
  await collectFacts(some.kube, ['secret-not-granted']);
  expect(some.asked.filter((one) => secrets.test(one)).toSorted()).toEqual([
    'GET /api/v1/namespaces/secret-not-granted/secrets?includeObject=None',
    'GET /api/v1/namespaces/vault/secrets?includeObject=None',
  ]);
});

test('what is refused is noted, and nothing is concluded from it', async () => {
  await using api = await factsApi(recorded('routes'), {
    '/api/v1/services': 403,
    '/apis/gateway.networking.k8s.io/v1/gateways': 500,
  });
  const facts = await collectFacts(api.kube, ['backend-missing', 'parent-unknown']);
  expect(facts.unread.map(({ kind, error }) => [kind, error.code]).toSorted()).toEqual([
    ['Gateway', 500],
    ['Service', 403],
  ]);
  expect(diagnose(facts)).toEqual([]);
});
