import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mostOfFile, mostOfLook, writeFiles } from './files.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'files-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('all files of a look together are bounded, and what is left out is named', async () => {
  const path = await folder();
  const files = Array.from({ length: 12 }, (_, at) => ({ name: `${at}.log`, text: 'ü'.repeat(600_000) }));
  const written = await writeFiles(path, files);
  const sizes = await Promise.all(
    written.filter((name) => name.endsWith('.log')).map(async (name) => (await stat(join(path, name))).size),
  );
  expect(sizes.every((size) => size === mostOfFile)).toBe(true);
  expect(sizes.reduce((sum, each) => sum + each)).toBe(mostOfLook);
  await expect(readFile(join(path, 'left-out.txt'), 'utf8')).resolves.toBe(
    'There is no room for these in 4194304 bytes:\n8.log\n9.log\n10.log\n11.log\n',
  );
});

test('an empty file is none', async () => {
  await expect(writeFiles(await folder(), [{ name: 'a', text: '' }])).resolves.toEqual([]);
});

test('a secret at the cut is masked all the same', async () => {
  const path = await folder();
  const text = `${'x'.repeat(mostOfFile - 60)}\nauthorization: Bearer ${'s3cret.'.repeat(40)}`;
  await writeFiles(path, [{ name: 'a.log', text }]);
  await expect(readFile(join(path, 'a.log'), 'utf8')).resolves.not.toContain('s3cret');
});
