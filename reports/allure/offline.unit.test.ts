import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OfflineFiles, offlinePage } from './offline.ts';

const page = (body: string): string => `<!DOCTYPE html>\n<html><head>\n</head><body>${body}</body></html>`;
const tag = `
    <script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
    <script>
        window.dataLayer = window.dataLayer || [];
        function gtag(){dataLayer.push(arguments);}
        gtag('js', new Date());
    </script>`;

describe('offlinePage', () => {
  test('takes the tag out, and nothing beside it', () => {
    const html = offlinePage(page(`<script>one()</script>${tag}<script>two()</script>`));
    expect(html).not.toMatch(/google|gtag|dataLayer/);
    expect(html).toMatch(/<script>one\(\)<\/script>\s*<script>two\(\)<\/script>/);
  });

  test('lets the page load nothing from elsewhere', () => {
    expect(offlinePage(page(''))).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'self'`,
    );
  });

  test('leaves links for readers to follow', () => {
    const link = '<a href="https://gateway-api.sigs.k8s.io/">spec</a>';
    expect(offlinePage(page(link))).toContain(link);
  });

  test.for([
    '<script src="https://cdn.example/a.js"></script>',
    '<link rel="stylesheet" href="//cdn.example/a.css">',
    '<img src="http://pixel.example/1.gif">',
    "<script>gtag('event')</script>",
    '<script src="/a.js">/* google-analytics */</script>',
  ])('refuses what it does not know: %s', (left) => {
    expect(() => offlinePage(page(left))).toThrow('would load something from elsewhere');
  });

  test('refuses a page that it cannot protect', () => {
    expect(() => offlinePage('<html lang="en"></html>')).toThrow('no head');
  });
});

test('OfflineFiles remembers what it refused, and writes the rest as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-offline-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = new OfflineFiles(folder);
  await files.addFile('data/a.json', Buffer.from('"gtag("'));
  expect(readFileSync(join(folder, 'data/a.json'), 'utf8')).toBe('"gtag("');
  expect(files.refused).toBeUndefined();
  const bad = Buffer.from(page('<script src="//cdn.example/a.js"></script>'));
  await expect(files.addFile('index.html', bad)).rejects.toThrow('//cdn.example/a.js');
  expect(files.refused).toBeInstanceOf(Error);
  expect(existsSync(join(folder, 'index.html'))).toBe(false);
});
