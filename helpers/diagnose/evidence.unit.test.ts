import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../kube/objects.ts';
import { linesOfLog, listOf, refused, scriptedApi } from '../kube/testdata/api.ts';
import { gatherEvidence } from './evidence.ts';

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'httpbin-1',
    namespace: 'shop',
    managedFields: [{ manager: 'kubelet' }],
  } as KubeObject['metadata'],
  spec: { containers: [{ name: 'httpbin' }] },
  status: { phase: 'Running' },
};

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'evidence-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return join(path, 'deep/er');
}

test('writes down objects with their status, events and logs, and nothing of Secrets', async () => {
  await using api = await scriptedApi({
    lists: [listOf(pod)],
    logs: [linesOfLog(['started', 'served'], { ends: true })],
  });
  const path = await folder();
  const files = await gatherEvidence(api.kube, ['shop'], path);
  expect(files.toSorted()).toEqual(['events.yaml', 'httpbin-1.httpbin.log', 'objects.yaml']);

  const objects = parseAllDocuments(await readFile(join(path, 'objects.yaml'), 'utf8')).map((each) =>
    each.toJS(),
  );
  expect(objects).toContainEqual(expect.objectContaining({ kind: 'Pod', status: { phase: 'Running' } }));
  expect(JSON.stringify(objects)).not.toContain('managedFields');
  await expect(readFile(join(path, 'httpbin-1.httpbin.log'), 'utf8')).resolves.toBe('started\nserved\n');
  expect(api.asked.join('\n')).not.toMatch(/secret/i);
});

test('says what it could not read instead of failing', async () => {
  await using api = await scriptedApi({
    lists: [listOf(pod)],
    logs: [refused(403, 'Forbidden', 'jane may not read logs')],
  });
  const path = await folder();
  await gatherEvidence(api.kube, ['shop'], path);
  // the scripted server knows no Deployments
  await expect(readFile(join(path, 'objects.yaml'), 'utf8')).resolves.toMatch(
    /kind: Deployment[^]*cannotBeRead: "look up/,
  );
  await expect(readFile(join(path, 'httpbin-1.httpbin.log'), 'utf8')).resolves.toContain(
    'jane may not read logs',
  );
});

test('cuts what is too long', async () => {
  await using api = await scriptedApi({
    lists: [listOf(pod)],
    logs: [linesOfLog(['x'.repeat(1_000_000)], { ends: true })],
  });
  const path = await folder();
  await gatherEvidence(api.kube, ['shop'], path);
  const log = await readFile(join(path, 'httpbin-1.httpbin.log'));
  expect(log.length).toBe(512 * 1_024);
});
