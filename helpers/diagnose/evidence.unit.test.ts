import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Target } from '../../cluster/target.ts';
import { gatherEvidence } from './evidence.ts';
import { factsApi } from './testdata/api.ts';
import { recorded } from './testdata/facts.ts';

/** Of no context that any kubeconfig has: what programs say of it is that they cannot reach it. */
const target = {
  kubeconfig: '/dev/null',
  context: 'none',
  versions: { implementation: 'Istio 1.31' },
} as Target;

const log = '/api/v1/namespaces/well/pods/POD/log';

async function gather(
  answers: (pod: string) => Record<string, unknown>,
  namespace = 'well',
  timeout = 20_000,
  controller?: Target['controller'],
) {
  const facts = recorded('routes', [namespace]);
  const [pod] = facts.pods.filter(({ metadata }) => metadata.namespace === 'well');
  const name = pod?.metadata.name ?? '';
  await using api = await factsApi(facts, answers(name));
  const path = await folder();
  const files = await gatherEvidence({ kube: api.kube, target: { ...target, controller } }, facts, path, {
    timeout,
    since: 60,
  });
  const read = (file: string) => readFile(join(path, file), 'utf8');
  return { files, read, asked: api.asked, name, path };
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

test('takes what the log of the control plane says of the namespaces', async () => {
  const metadata = { name: 'istiod-1', namespace: 'istio-system' };
  const istiod = { metadata, spec: { containers: [{ name: 'discovery' }] } };
  const answers = {
    '/api/v1/pods': { items: [istiod], metadata: {} },
    '/api/v1/namespaces/istio-system/pods/istiod-1/log': 'PUSH for well/web, skipped',
  };
  const controller = { name: 'istiod', labels: 'app=istiod' };
  const { read, asked } = await gather(() => answers, 'well', 20_000, controller);
  expect(asked).toContain('GET /api/v1/pods?labelSelector=app%3Distiod');
  await expect(read('istiod.log')).resolves.toContain('PUSH for well/web, skipped');
});

test('says what it could not read instead of failing', async () => {
  const { read, name } = await gather((pod) => ({ [log.replace('POD', pod)]: 403 }));
  // the server knows no ListenerSets
  await expect(read('objects.yaml')).resolves.toMatch(/kind: ListenerSet[^]*cannotBeRead: "?look up/);
  await expect(read(`${name}.httpbin.log`)).resolves.toContain('403 Forbidden');
});

test('asks for logs of the time of the test, and for a bounded part of them', async () => {
  const { asked, name } = await gather(() => ({}));
  const logs = asked.filter((one) => one.includes(`/pods/${name}/log`));
  expect(logs).toEqual([expect.stringContaining('sinceSeconds=60')]);
  expect(logs).toEqual([expect.stringContaining('limitBytes=4194304')]);
});

test('cuts what is too long, keeps the end of a log, and says so', async () => {
  const { read, name } = await gather((pod) => ({
    [log.replace('POD', pod)]: `first${'x'.repeat(1_000_000)}last`,
  }));
  const text = await read(`${name}.httpbin.log`);
  expect(Buffer.byteLength(text)).toBe(512 * 1_024);
  expect(text).toMatch(/^\[the end of \d+ bytes\]\n[^]*last"?$/);
  expect(text).not.toContain('first');
});

test('leaves what does not come in time, and names it', async () => {
  const { files, read } = await gather(
    (pod) => ({ [log.replace('POD', pod)]: () => pause(1_500, 'late') }),
    'well',
    300,
  );
  expect(files).toContain('diagnosis.yaml');
  await expect(read('not-gathered.txt')).resolves.toContain('logs of backends: not within 0.3 s\n');
});

test('tells a pod of a gateway that is no Envoy', async () => {
  const facts = recorded('routes', ['well']);
  const [pod] = facts.pods.filter(({ metadata }) => metadata.namespace === 'well');
  if (!pod) throw new Error('nothing recorded');
  pod.metadata.labels = { 'gateway.networking.k8s.io/gateway-name': 'web' };
  await using api = await factsApi(facts);
  const path = await folder();
  await gatherEvidence({ kube: api.kube, target }, facts, path, { timeout: 20_000, since: 60 });
  await expect(readFile(join(path, `${pod.metadata.name}.envoy.txt`), 'utf8')).resolves.toMatch(
    /^no Envoy: Pod well\/\S+ runs \S*httpbin/,
  );
});

const marker = 'mArKeR-9a3f';
const pem = `-----BEGIN PRIVATE KEY-----\n${marker}\n-----END PRIVATE KEY-----\n`;

test('nothing that lets somebody in gets into any file', async () => {
  const facts = recorded('routes', ['well']);
  const [route] = facts.routes.filter(({ metadata }) => metadata.namespace === 'well');
  const [pod] = facts.pods.filter(({ metadata }) => metadata.namespace === 'well');
  if (!route || !pod) throw new Error('nothing recorded');
  const applied = { 'kubectl.kubernetes.io/last-applied-configuration': `{"value":"${marker}"}` };
  Object.assign(route.metadata, { annotations: applied });
  Object.assign(route.spec.rules?.[0] ?? {}, {
    filters: [{ requestHeaderModifier: { set: [{ name: 'Authorization', value: `Basic ${marker}` }] } }],
  });
  Object.assign(pod.spec.containers[0] ?? {}, { env: [{ name: 'API_TOKEN', value: marker }] });
  const echoed = `{"headers":{"Authorization":["Bearer ${marker}"],"Cookie":["session=${marker}"]}}`;
  await using api = await factsApi(facts, {
    [log.replace('POD', pod.metadata.name)]: [
      echoed,
      `authorization: Bearer ${marker}`,
      `Set-Cookie: session=${marker}; Path=/`,
      pem,
      Buffer.from(pem).toString('base64'),
      `GET /?access_token=${marker}`,
    ].join('\n'),
    '/api/v1/namespaces/well/secrets': { rows: [{ cells: ['web-tls', 'Opaque', 1, '1s'] }] },
  });
  const path = await folder();
  const files = await gatherEvidence({ kube: api.kube, target }, facts, path, { timeout: 20_000, since: 60 });
  expect(files).toEqual(expect.arrayContaining(['objects.yaml', `${pod.metadata.name}.httpbin.log`]));
  for (const file of files) {
    const text = await readFile(join(path, file), 'utf8');
    expect(`${file}: ${text}`).not.toContain(marker);
    expect(`${file}: ${text}`).not.toContain(Buffer.from(pem).toString('base64'));
  }
});
