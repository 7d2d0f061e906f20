import { stripVTControlCharacters } from 'node:util';
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import type { Run, Verdict } from '../run.ts';
import { compare } from './compare.ts';
import { comparisonHtml } from './html.ts';
import { parseKnownFailures } from './known-failures.ts';
import { comparisonMarkdown } from './markdown.ts';
import { sampleCase, sampleRun, versions } from './sample-runs.ts';
import { comparisonLines, historyLines } from './text.ts';

const known = parseKnownFailures(
  `- cases: [area/file/k, area/file/gone]
  implementation: Istio
  versions: "*"
  reason: it answers 404
  link: https://acme.example/1
  expires: 2027-03-31
`,
  'x.yaml',
);
const comparing = (old: Run, now: Run) =>
  compare(old, now, {
    history: [],
    known,
    policy: {
      runs: 20,
      slower: { deviations: 5, floorMs: 500, runs: 2, pace: 2 },
      thresholds: { 'newly-failing': 0 },
    },
    failOn: 'regression',
    at: new Date('2026-12-01'),
  });

const old = sampleRun(
  1,
  { a: 'passed', b: 'failed', c: 'passed', d: 'passed', k: 'failed', gone: 'failed', same: 'passed' },
  {
    target: { versions: versions('1.30.2') },
  },
);
const now = sampleRun(2, {
  a: 'failed',
  b: 'passed',
  c: 'skipped',
  k: 'failed',
  gone: 'passed',
  same: 'passed',
  fresh: 'passed',
});
const comparison = comparing(old, now);

test('people at a terminal read versions, sums, what is not well with why, and the outcome', () => {
  expect(stripVTControlCharacters(comparisonLines(comparison).join('\n'))).toBe(
    `Compared     mw00000001 (2026-11-02 02:00) → mw00000002 (2026-11-03 02:00)
Istio        1.30.2 → 1.31.0
Gateway API  v1.6.3 experimental
Kubernetes   v1.36.3
Times        nothing is called slower: 1 of the 2 earlier runs that it takes; cases took 1.00 times as long as usual (median)

1 newly failing, 1 newly skipped, 1 no longer run, 1 still failing (known), 2 fixed, 1 new, 1 unchanged

Newly failing
  area/file/a  passed → failed  health 0.00 (1 of 2 failed)
    expected  200
    got       404
    cause     no route

Newly skipped
  area/file/c  passed → skipped  health 1.00 (0 of 1 failed)
    why       so

No longer run
  area/file/d  passed → not there  health 1.00 (0 of 1 failed)
    why       the suite does not have it any more

Still failing (known)
  area/file/k  failed → failed  health 0.00 (2 of 2 failed)
    known     it answers 404, until 2027-03-31
    expected  200
    got       404
    cause     no route
    link      https://acme.example/1

Fixed
  area/file/b  failed → passed  health 0.00 (1 of 2 failed)
  area/file/gone  failed → passed  health 0.00 (1 of 2 failed)

New
  1: suites/area/file.test.ts

Known failures that pass now: their entries can go
  area/file/gone  Istio *
    known     it answers 404, until 2027-03-31
    link      https://acme.example/1

Not as it should be: newly-failing: 1, and 0 are allowed`,
  );
});

test('many cases with one reason are counted, but what failed is told', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const of = (verdict: Verdict) => Object.fromEntries(ids.map((id) => [id, verdict]));
  const grown = sampleRun(2, { ...of('not-run'), fresh: 'passed', bad: 'failed' });
  const text = stripVTControlCharacters(
    comparisonLines(comparing(sampleRun(1, of('passed')), grown)).join('\n'),
  );
  expect(text).toContain('No longer run\n  7: so\n');
  expect(text).toMatch(/New\n {2}area\/file\/bad .*\n( {4}.*\n)+ {2}1: suites\/area\/file.test.ts\n/);
});

test('Markdown says the same, in tables', () => {
  const text = comparisonMarkdown(comparison);
  expect(text).toContain('✗ **Not as it should be: newly-failing: 1, and 0 are allowed**');
  expect(text).toContain('| Istio | 1.30.2 | 1.31.0 |');
  expect(text).toContain('| Newly failing | 1 |');
  expect(text).toContain(
    '| `area/file/a` | passed → failed | expected: 200<br>got: 404<br>cause: no route | 0.00 (1 of 2 failed) |',
  );
  expect(text).toContain(
    'until 2027-03-31<br>expected: 200<br>got: 404<br>cause: no route<br>[more](<https://acme.example/1>)',
  );
  expect(text).toContain('- 1: suites/area/file.test.ts');
});

test('what differs between the targets is said in all of them', () => {
  const other = comparing(
    old,
    sampleRun(2, { a: 'passed' }, { target: { context: 'kind-y' }, interrupted: 'SIGINT' }),
  );
  const page = comparisonHtml(other);
  const terminal = comparisonLines(other).join('\n');
  for (const text of [comparisonMarkdown(other), page, terminal]) {
    expect(text).toContain('another cluster: kind-x (managed) → kind-y (managed)');
    expect(text).toContain('times are not compared');
    expect(text).toContain('the new run was interrupted by SIGINT');
  }
});

describe('what a gateway answered stays text', () => {
  const evil =
    '<script>alert(1)</script> | [x](javascript:alert(2)) `y` <img src=x onerror=alert(3)> &lt;b&gt;\n# z';
  const answered = sampleRun(2, [sampleCase('a', 'failed', { got: evil })], { target: { context: evil } });
  const wicked = comparing(sampleRun(1, { a: 'passed' }), answered);

  test('in Markdown', () => {
    const html = marked.parse(comparisonMarkdown(wicked), { async: false });
    expect(html).not.toMatch(/<(script|img|a )/);
    // the row is one row of four cells
    const row = html.split('<tr>').find((each) => each.includes('area/file/a'));
    expect(row?.match(/<td>/g)).toHaveLength(4);
    expect(row).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt; | [x](javascript:alert(2)) `y` &lt;img src=x onerror=alert(3)&gt; &amp;lt;b&amp;gt;<br># z',
    );
  });

  test('on the page, which loads nothing from elsewhere', () => {
    const page = comparisonHtml(wicked);
    expect(page).not.toMatch(/<(script|img|link|iframe|a )|\bsrc="|@import/);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('&lt;script&gt;');
  });
});

test('the page is a whole one, with a title, its language, and tables', () => {
  const page = comparisonHtml(comparison);
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).toContain('<title>mw00000001 → mw00000002: what changed</title>');
  expect(page).toContain('<h1>What changed between two runs</h1>');
  expect(page).toContain('<td><code>area/file/a</code></td>');
  expect(page).toContain('<a href="https://acme.example/1">more</a>');
});

test('the history is listed by a line for each run', () => {
  const cut = sampleRun(3, { a: 'not-run' }, { filters: ['file/a'], interrupted: 'SIGINT' });
  expect(historyLines([old, cut])).toEqual([
    'mw00000001\t2026-11-02 02:00\t4 passed, 3 failed, 0 skipped\tIstio 1.30.2, Gateway API v1.6.3 experimental, Kubernetes v1.36.3\tkind-x\tall cases',
    'mw00000003\t2026-11-04 02:00\t0 passed, 0 failed, 0 skipped, 1 not run\tIstio 1.31.0, Gateway API v1.6.3 experimental, Kubernetes v1.36.3\tkind-x\tfile/a\tinterrupted by SIGINT',
  ]);
});
