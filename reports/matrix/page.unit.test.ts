import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { testOnPage as test } from '../page-test.ts';
import { chooseRun } from '../regression/choose.ts';
import { sampleCase, sampleRun } from '../regression/sample-runs.ts';
import type { Run } from '../run.ts';
import { matrixPage } from './page.ts';

const recorded = (name: string): Run =>
  chooseRun(fileURLToPath(new URL(`../testdata/${name}.jsonl`, import.meta.url)), []);
const runs = ['good', 'broken-route', 'known-failures', 'interrupted'].map(recorded);
const broken = 'GET exact-path.example.com/two → 200 from gateway-api/echo-v2';
const all = new Set(runs.flatMap(({ cases }) => cases.map(({ id }) => id))).size;

let folder: string;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conformance-matrix-'));
  const file = join(folder, 'matrix.html');
  await writeFile(file, matrixPage(runs));
  url = pathToFileURL(file).href;
});
afterAll(() => rm(folder, { recursive: true }));

const rows = (page: Page) => page.locator('tr.case:visible');
const said = (page: Page) => page.getByRole('status').innerText();

describe('the matrix in a browser', { timeout: 60_000 }, () => {
  test('has a row for each case and a column for each run', async ({ expect, watched: { page, asked } }) => {
    await page.goto(url);
    expect(await rows(page).count()).toBe(all);
    expect(await said(page)).toBe(`${all} cases`);
    expect(await page.getByRole('columnheader').count()).toBe(1 + runs.length);
    const row = page.getByRole('row').filter({ hasText: broken });
    const [good, failed, absent, cut] = await row.getByRole('cell').allInnerTexts();
    expect(good).toMatch(/^✓ passed \d+\.\d s$/);
    expect(failed).toMatch(/^✗ failed \d+\.\d s$/);
    expect(absent?.trim()).toBe('not selected');
    expect(cut).toMatch(/^· not run/);
    expect(asked).toEqual([]);
  });

  test('search takes all words, in whatever order', async ({ expect, watched: { page } }) => {
    await page.goto(url);
    await page.getByLabel('Search').fill('ECHO-V2 exact-path');
    expect(await rows(page).allInnerTexts()).toEqual([expect.stringContaining(broken)]);
    expect(await said(page)).toBe(`1 of ${all} cases`);
    await page.getByLabel('Search').fill('no such case');
    expect(await rows(page).count()).toBe(0);
    expect(await page.getByText('No case is like that.').isVisible()).toBe(true);
    expect(await page.locator('tr.group:visible').count()).toBe(0);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => said(page)).toBe(`${all} cases`);
  });

  test('filters by verdict, area and dialect, together with the words', async ({
    expect,
    watched: { page },
  }) => {
    await page.goto(url);
    await page.getByLabel('Verdict').selectOption('failed');
    expect(await rows(page).count()).toBe(1);
    await page.getByLabel('Verdict').selectOption('known failure');
    expect(await rows(page).count()).toBe(2);
    await page.getByLabel('Verdict').selectOption('not the same everywhere');
    const differ = await rows(page).count();
    await page.getByLabel('Area').selectOption('gateway-api');
    await page.getByLabel('Dialect').selectOption('Gateway API');
    expect(await rows(page).count()).toBe(differ);
    await page.getByLabel('Search').fill('echo-v2');
    expect(await rows(page).count()).toBeLessThan(differ);
    const shown = await said(page);
    await page.goto('about:blank');
    await page.goto(`${url}#words=echo-v2&verdict=differs`);
    expect(await said(page)).toBe(shown);
  });

  test('needs no mouse', async ({ expect, watched: { page } }) => {
    await page.goto(url);
    await page.keyboard.press('/');
    await page.keyboard.type('exact-path echo-v2');
    await page.keyboard.press('Enter');
    expect(await said(page)).toBe(`1 of ${all} cases`);
    await page.keyboard.press('Tab');
    expect(await page.getByLabel('Verdict').evaluate((element) => element.matches(':focus-visible'))).toBe(
      true,
    );
    for (const _ of ['Area', 'Dialect', 'Show all', 'the case']) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const details = page.locator('tr.case:visible details');
    expect(await details.getByText('the gateway has no route for this host and path').isVisible()).toBe(true);
    expect(await details.locator('.milestone', { hasText: 'steady' }).first().isVisible()).toBe(true);
  });

  test('has room on a phone: nothing is beside the screen', async ({ expect, watched: { page } }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(url);
    const row = page.getByRole('row').filter({ hasText: broken });
    await row.locator('summary').click();
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(360);
    for (const cell of await row.getByRole('cell').all()) {
      const box = await cell.boundingBox();
      expect(box && box.x + box.width).toBeLessThanOrEqual(360);
      expect(
        await cell.evaluate(
          (element) => element.ownerDocument.defaultView.getComputedStyle(element, '::before').content,
        ),
      ).toMatch(/".+: "/);
    }
    const target = await row.locator('summary').boundingBox();
    expect(target?.height).toBeGreaterThanOrEqual(24);
  });

  test.for(['light', 'dark'] as const)(
    'can be read in %s',
    async (colorScheme, { expect, watched: { page } }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(url);
      for (const part of ['.passed .word', '.failed .word', '.known .word', '.took']) {
        expect(await contrast(page, part), part).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  test('shows what cases say as text', async ({ expect, watched: { page } }) => {
    const title = '<img src=x onerror="document.title=1"> & "q" </script>';
    const file = join(folder, 'hostile.html');
    const secret = 'Authorization: Bearer planted-marker';
    const cases = [sampleCase('a', 'failed', { title, expected: '200', got: secret, cause: secret })];
    await writeFile(file, matrixPage([sampleRun(1, cases)]));
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('summary').innerText()).toBe(title);
    expect(await page.title()).toBe('Conformance matrix');
    expect(await page.content()).not.toContain('planted-marker');
  });
});

/** Contrast ratio of the first such text with the page behind it, as WCAG 2 counts it. */
async function contrast(page: Page, selector: string): Promise<number> {
  const colours = await page
    .locator(selector)
    .first()
    .evaluate((element) => [
      element.ownerDocument.defaultView.getComputedStyle(element).color,
      element.ownerDocument.defaultView.getComputedStyle(element.ownerDocument.body).backgroundColor,
    ]);
  const [darker = 0, lighter = 0] = colours.map(luminance).toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
