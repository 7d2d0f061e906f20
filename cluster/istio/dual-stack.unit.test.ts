import { expect, test } from 'vitest';
import { Kube } from '../../helpers/kube/client.ts';
import { type Answers, kubeconfigFor, serveApi } from '../preflight/testdata/api-server.ts';
import { isDualStack } from './dual-stack.ts';

async function asked(answers: Answers): Promise<boolean> {
  await using server = await serveApi(answers);
  const kube = new Kube(kubeconfigFor(server.url));
  try {
    return await isDualStack(kube);
  } finally {
    await kube.close();
  }
}

const api = '/apis/networking.k8s.io/v1';
const ranges = (...cidrs: string[][]): Answers => ({
  [api]: { resources: [{ name: 'servicecidrs', kind: 'ServiceCIDR', namespaced: false }] },
  [`${api}/servicecidrs`]: {
    metadata: { resourceVersion: '1' },
    items: cidrs.map((each) => ({ metadata: { name: 'kubernetes' }, spec: { cidrs: each } })),
  },
});

test.for([
  { services: 'have both families', answers: ranges(['10.96.0.0/16', 'fd00:10:96::/112']), expected: true },
  { services: 'have both by two ranges', answers: ranges(['10.96.0.0/16'], ['fd00::/112']), expected: true },
  { services: 'have IPv4 only', answers: ranges(['10.96.0.0/16'], ['10.97.0.0/16']), expected: false },
  { services: 'have IPv6 only', answers: ranges(['fd00:10:96::/112']), expected: false },
  { services: 'do not tell', answers: { [api]: { resources: [] } }, expected: false },
])('Services that $services: $expected', async ({ answers, expected }) => {
  expect(await asked(answers)).toBe(expected);
});

test('what cannot be read is no answer', async () => {
  await expect(asked({ ...ranges(), [`${api}/servicecidrs`]: 403 })).rejects.toMatchObject({ code: 403 });
});
