import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Target } from '../../cluster/target.ts';
import { gatherEvidence } from './evidence.ts';
import { factsApi } from './testdata/api.ts';
import { recorded } from './testdata/facts.ts';

/** Of no context that any kubeconfig has: what programs say of it is that they cannot reach it. */
const target = { kubeconfig: '/dev/null', context: 'none' } as Target;

const log = '/api/v1/namespaces/well/pods/POD/log';

async function gather(answers: (pod: string) => Record<string, unknown>, namespace = 'well') {
  const facts = recorded('routes', [namespace]);
  const [pod] = facts.pods.filter(({ metadata }) => metadata.namespace === 'well');
  const name = pod?.metadata.name ?? '';
  await using api = await factsApi(facts, answers(name));
  const path = await folder();
  const files = await gatherEvidence({ kube: api.kube, target }, [facts], path);
  const read = (file: string) => readFile(join(path, file), 'utf8');
  return { files, read, asked: api.asked, name };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'evidence-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return join(path, 'deep/er');
}

test('writes down objects with their status, events and logs', async () => {
  const { files, read, name } = await gather((pod) => ({ [log.replace('POD', pod)]: 'started' }));
  expect(files).toEqual(expect.arrayContaining(['diagnosis.yaml', 'objects.yaml', `${name}.httpbin.log`]));
  const objects = parseAllDocuments(await read('objects.yaml')).map((each) => each.toJS());
  expect(objects).toContainEqual(
    expect.objectContaining({ kind: 'Pod', status: expect.objectContaining({ phase: 'Running' }) }),
  );
  expect(objects).toContainEqual(expect.objectContaining({ kind: 'HTTPRoute' }));
  await expect(read(`${name}.httpbin.log`)).resolves.toContain('started');
});

test('of Secrets it asks for names, and for nothing else', async () => {
  const { read, asked } = await gather(() => ({
    '/api/v1/namespaces/well/secrets': { rows: [{ cells: ['web-tls', 'kubernetes.io/tls', 2, '1s'] }] },
  }));
  await expect(read('secrets.txt')).resolves.toBe('kubernetes.io/tls well/web-tls, 2 keys\n');
  expect(asked.filter((one) => /secret/i.test(one))).toEqual([
    'GET /api/v1/namespaces/well/secrets?includeObject=None',
  ]);
});

test('writes down every cause with what it rests on', async () => {
  const { read } = await gather(() => ({}), 'backend-missing');
  expect(parse(await read('diagnosis.yaml'))).toEqual({
    found: [
      {
        cause: 'backend-missing',
        says: expect.stringContaining('there is no Service backend-missing/httpbin'),
        evidence: ['Services in backend-missing: none'],
        next: 'kubectl --context test -n backend-missing get services',
      },
    ],
    notRead: [],
  });
});

test("takes what istiod's log says of the namespaces", async () => {
  const istiod = { metadata: { name: 'istiod-1', namespace: 'istio-system' } };
  const { read } = await gather(() => ({
    '/api/v1/namespaces/istio-system/pods': { items: [istiod], metadata: {} },
    '/api/v1/namespaces/istio-system/pods/istiod-1/log': 'PUSH for well/web, skipped',
  }));
  await expect(read('istiod.log')).resolves.toContain('PUSH for well/web, skipped');
});

test('says what it could not read instead of failing', async () => {
  const { read, name } = await gather((pod) => ({ [log.replace('POD', pod)]: 403 }));
  // the server knows no ListenerSets
  await expect(read('objects.yaml')).resolves.toMatch(/kind: ListenerSet[^]*cannotBeRead: "?look up/);
  await expect(read(`${name}.httpbin.log`)).resolves.toContain('403 Forbidden');
});

test('cuts what is too long', async () => {
  const { read, name } = await gather((pod) => ({ [log.replace('POD', pod)]: 'x'.repeat(1_000_000) }));
  expect((await read(`${name}.httpbin.log`)).length).toBe(512 * 1_024);
});
