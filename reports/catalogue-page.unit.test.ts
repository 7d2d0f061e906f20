import { describe, expect, test } from 'vitest';
import type { CatalogueCase } from './catalogue.ts';
import { cataloguePage, misdeclared } from './catalogue-page.ts';

const known = (title: string, more: Partial<CatalogueCase> = {}): CatalogueCase => ({
  id: `gateway-api/cors/${title}`,
  title,
  file: 'suites/gateway-api/cors.test.ts',
  dialect: 'gateway-api',
  official: 'HTTPRouteCORS',
  features: ['Gateway', 'HTTPRoute', 'HTTPRouteCORS'],
  ...more,
});

test('the page lists the cases by file, and says which official ones they mirror', () => {
  const page = cataloguePage([
    known('GET a.example/* → 200'),
    known('with a ` in it'),
    { id: 'any/a', title: 'Ingress › any', file: 'suites/ingress-gateways/any.test.ts', features: [] },
  ]);
  const lines = page.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '- 3 cases in 2 files',
      '- 1 of the 147 official cases for gateways of Gateway API v1.7 are mirrored',
      '| HTTPRouteCORS | Gateway, HTTPRoute, HTTPRouteCORS | 2 in [cors](../suites/gateway-api/cors.test.ts) |',
      '| HTTPRouteBackendURLRewrite (new in v1.7, provisional) | Gateway, HTTPRoute, HTTPRouteBackendURLRewrite | none yet |',
      '## gateway-api/cors',
      '[cors.test.ts](../suites/gateway-api/cors.test.ts): mirrors HTTPRouteCORS; needs Gateway, HTTPRoute, HTTPRouteCORS',
      '- `GET a.example/* → 200`',
      '- `` with a ` in it ``',
      '[any.test.ts](../suites/ingress-gateways/any.test.ts): needs no feature',
    ]),
  );
  expect(page.endsWith('\n')).toBe(true);
});

describe('what a suite file declares', () => {
  test('may go beyond the official case, and use either name of a feature', () => {
    const retry = { official: 'HTTPRouteRetry', features: ['Gateway', 'HTTPRoute', 'HTTPRouteRetry'] };
    expect(
      misdeclared([known('a'), known('b', { ...retry, features: [...retry.features, 'ListenerSet'] })]),
    ).toEqual([]);
  });

  test.for<[string, Partial<CatalogueCase>, string]>([
    [
      'an official case that does not exist',
      { official: 'HTTPRouteCros' },
      'there is no official case "HTTPRouteCros"',
    ],
    [
      'one without all its features',
      { features: ['Gateway', 'HTTPRoute'] },
      'HTTPRouteCORS needs HTTPRouteCORS as well',
    ],
    [
      'a feature that does not exist',
      { features: ['Gateway', 'HTTPRoute', 'HTTPRouteCORS', 'SupportListenerSet'] },
      'Gateway API has no feature SupportListenerSet',
    ],
    ['one as provisional that is not', { provisional: true }, 'HTTPRouteCORS is no provisional case'],
    [
      'one on trial as settled',
      { official: 'HTTPRoutePreserveForeignStatus' },
      'HTTPRoutePreserveForeignStatus is a provisional case',
    ],
  ])('is refused: %s', ([, more, line]) => {
    expect(misdeclared([known('a', more), known('b', more)])).toEqual([
      `suites/gateway-api/cors.test.ts: ${line}`,
    ]);
  });
});
