import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../problem.ts';
import { findBrowser } from './find.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-browser-'));
  vi.stubEnv('PATH', folder);
  vi.stubEnv('PLAYWRIGHT_BROWSERS_PATH', join(folder, 'none'));
  vi.stubEnv('CONFORMANCE_BROWSER', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Puts a program into the only folder of the PATH. */
async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const found = async (): Promise<unknown> => {
  const said: string[] = [];
  const browser = await findBrowser((line) => said.push(line));
  expect(said).toEqual([]);
  return browser;
};

test('the browser that is named comes before those on the PATH', async () => {
  await program('chromium', 'echo Chromium 150.0.1.2');
  const own = await program('own', 'echo "Google Chrome 156.0.8078.79 beta"');
  vi.stubEnv('CONFORMANCE_BROWSER', own);
  expect(await found()).toMatchObject({
    executable: own,
    env: {},
    line: 'Chrome 156.0.8078.79, of CONFORMANCE_BROWSER',
  });
});

test.for([
  ['is not there', undefined, 'there is no such file'],
  ['is something else', 'echo GNU coreutils 9.1', 'own --version says nothing of a Chromium'],
  ['does not start', 'echo Chromium 156.0.8078.79; exit 127', 'own --version says nothing of a Chromium'],
] as const)('a named one that %s is a mistake to correct', async ([, script, words]) => {
  if (script !== undefined) await program('own', script);
  vi.stubEnv('CONFORMANCE_BROWSER', join(folder, 'own'));
  await expect(found()).rejects.toThrow(Problem);
  await expect(found()).rejects.toThrow(words);
});

test('one on the PATH that does not start is passed over', async () => {
  await program('chromium-browser', 'echo "requires the chromium snap to be installed" >&2; exit 1');
  const chrome = await program('google-chrome', 'echo "Google Chrome 156.0.8078.79"');
  expect(await found()).toMatchObject({ executable: chrome, line: `Chrome 156.0.8078.79, ${chrome}` });
});

test('where there is none, and no apt to fetch one, the reason says what to do', async () => {
  expect(await found()).toEqual({
    none: expect.stringMatching(/^there is no Chromium .*: install chromium .* set CONFORMANCE_BROWSER/),
  });
});

test('a browser whose trust nobody can set up is found all the same, with the reason', async () => {
  await program('chromium', 'echo Chromium 156.0.8078.79');
  const none =
    process.platform === 'linux' ? /certutil .* is not on the PATH: install libnss3-tools/ : /left alone/;
  expect(await found()).toMatchObject({ trust: { none: expect.stringMatching(none) } });
});

test.runIf(process.platform === 'linux')('certutil on the PATH sets up its trust', async () => {
  await program('chromium', 'echo Chromium 156.0.8078.79');
  const certutil = await program('certutil', '');
  expect(await found()).toMatchObject({ trust: { certutil, env: {} } });
});
