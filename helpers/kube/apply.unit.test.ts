import { expect, test } from 'vitest';
import { applyAll } from './apply.ts';
import { parseManifests } from './manifests.ts';
import { refused, scriptedApi } from './testdata/api.ts';

/** What is said when the API server refuses the Secret with these words. */
async function saidOf(words: string, data: Record<string, string>): Promise<string> {
  await using api = await scriptedApi({ others: [refused(422, 'Invalid', words)] });
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'shop', namespace: 'infra' }, data };
  return await applyAll(api.kube, parseManifests(JSON.stringify(secret), 'fixtures/x.yaml')).then(
    () => 'it was taken',
    (error: Error) => error.message,
  );
}

const key = '-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----\n';
const data = { 'tls.key': Buffer.from(key).toString('base64') };

test('a refusal quotes object, file and line, and the server', async () => {
  await expect(saidOf('type: field is immutable', data)).resolves.toMatch(
    /^apply Secret infra\/shop \(fixtures\/x\.yaml:1\): type: field is immutable/,
  );
});

test('what is in a Secret is withheld, however it is quoted', async () => {
  const said = await saidOf(`data[tls.key]: Invalid value: "${data['tls.key']}" (${key})`, data);
  expect(said).toContain('data[tls.key]: Invalid value: "(withheld)" ((withheld))');
  expect(said).not.toMatch(/PRIVATE KEY|LS0tLS1/);
});
