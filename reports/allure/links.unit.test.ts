import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { featureNames } from '../../cluster/features/names.ts';
import { Suites } from '../../helpers/run/suites.ts';
import { sampleCase, sampleRun } from '../regression/sample-runs.ts';
import { linksOf, sectionsOf } from './links.ts';
import data from './sections.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = sampleRun(1, {});

test('every case leads to a section of a page; and every row of the table is for some case', {
  timeout: 120_000,
}, async () => {
  const suites = await Suites.open(root, []);
  try {
    const cases = suites.catalogue();
    expect(cases.length).toBeGreaterThan(1_000);
    const lacking = cases.filter((one) => sectionsOf(one).length === 0);
    expect(lacking.map(({ id, dialect }) => `${dialect} ${id}`)).toEqual([]);
    for (const { id, dialect, features } of cases) {
      const links = linksOf(sampleCase('x', 'passed', { id, features, ...(dialect && { dialect }) }), run);
      for (const { url } of links)
        expect(url).toMatch(/^https:\/\/[^#]+(\/#[A-Za-z_-]+|\/rfc\d+#section-[\d.]+)$/);
    }
    const starts = Object.keys(data.behaviours);
    expect(starts.filter((start) => !cases.some(({ id }) => id.startsWith(start)))).toEqual([]);
    const needed = new Set(cases.flatMap(({ features }) => features));
    expect(Object.keys(data.features).filter((feature) => !needed.has(feature))).toEqual([]);
  } finally {
    await suites.close();
  }
});

test('sections are of pages that are known, and features of those that Gateway API has', () => {
  const sections = Object.values(data.behaviours).flatMap((found) =>
    Array.isArray(found) ? found : Object.values(found).flat(),
  );
  const pages = sections
    .filter((section) => section.includes('#'))
    .map((section) => section.split('#')[0] ?? '');
  expect(pages.filter((page) => !(page in data.pages))).toEqual([]);
  expect(Object.keys(data.features).filter((feature) => !featureNames.includes(feature))).toEqual([]);
});

test('the section of a behaviour comes before those of its features, and each once', () => {
  const id = 'gateway-api/httproute-redirect-path/get-x';
  expect(
    sectionsOf({ id, features: ['HTTPRoute', 'HTTPRoutePortRedirect', 'HTTPRoutePathRedirect'] }),
  ).toEqual(['HTTPRequestRedirectFilter', 'HTTPPathModifier']);
});

test('the longest beginning counts, in the dialect of the case', () => {
  const ids = ['routes/a-listener-that-takes-x', 'routes/a-listener-that-is-x', 'routes/other'];
  expect(ids.map((id) => sectionsOf({ id: `ingress-gateways/diagnosis/${id}`, features: [] }))).toEqual([
    ['AllowedRoutes'],
    ['ParentReference'],
    ['Ingress Gateways#troubleshooting'],
  ]);
  expect(sectionsOf({ id: 'ingress-gateways/secure-gateways/x', dialect: 'ingress', features: [] })).toEqual([
    'Kubernetes Ingress#tls',
  ]);
});
